namespace Acm.Client;

/// <summary>Which kind of server a client connects to.</summary>
public enum AcmServerType
{
    /// <summary>The client finds out. This version speaks ACM only, so it is ACM.</summary>
    Auto,

    /// <summary>Alibaba Cloud ACM, or a server that speaks its protocol.</summary>
    Acm,

    /// <summary>Nacos.</summary>
    Nacos,
}
