namespace Acm.Client.Protocol.Nacos;

/// <summary>Servers that take the same calls.</summary>
internal enum NacosGeneration
{
    /// <summary>1.x: the v1 calls.</summary>
    One,

    /// <summary>2.x: the v1 calls, which are the older of its two families.</summary>
    Two,

    /// <summary>3.0 and 3.1: the v3 calls, and the v1 calls of clients.</summary>
    Three,

    /// <summary>3.2 and later: the v3 calls alone.</summary>
    ThreeTwo,
}
