namespace Acm.Client.Protocol.Nacos;

/// <summary>A group of versions with the same API.</summary>
internal enum NacosGeneration
{
    /// <summary>1.x: the v1 API.</summary>
    One,

    /// <summary>2.x: the v1 API, the older of its two.</summary>
    Two,

    /// <summary>3.0 and 3.1: the v3 API, and the v1 API for clients.</summary>
    Three,

    /// <summary>3.2 and later: only the v3 API.</summary>
    ThreeTwo,
}
