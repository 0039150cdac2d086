namespace Acm.Server.Dialects.Nacos;

/// <summary>The generations of Nacos that this server can be taken for, in their order.</summary>
internal enum Generation
{
    /// <summary>As 1.4.8 answers.</summary>
    One,

    /// <summary>As 2.5.1 answers.</summary>
    Two,

    /// <summary>As 3.0.3 answers with its default switches.</summary>
    Three,

    /// <summary>As <see cref="Three"/> without the calls of the first two generations.</summary>
    ThreeTwo,
}
