namespace AcmPowerShell;

/// <summary>Which kind of server a connection leads to.</summary>
public enum ServerType
{
    /// <summary>ACM, for an endpoint; found out by the first call, for a server.</summary>
    Auto,

    /// <summary>Alibaba Cloud ACM, or a server that speaks its protocol.</summary>
    Acm,

    /// <summary>Nacos 1, 2 or 3. Which one it is, is found out.</summary>
    Nacos,
}
