namespace Acm.Server.Dialects.Nacos;

/// <summary>The Nacos versions that the server can emulate, in ascending order.</summary>
internal enum Generation
{
    /// <summary>Behaves like Nacos 1.4.8.</summary>
    One,

    /// <summary>Behaves like Nacos 2.5.1.</summary>
    Two,

    /// <summary>Behaves like Nacos 3.0.3 with its default settings.</summary>
    Three,

    /// <summary>Behaves like <see cref="Three"/>, but without the v1 and v2 APIs.</summary>
    ThreeTwo,
}
