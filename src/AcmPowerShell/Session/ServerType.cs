namespace AcmPowerShell;

/// <summary>Specifies the kind of server.</summary>
public enum ServerType
{
    /// <summary>ACM for an endpoint; detected by the first call for a server.</summary>
    Auto,

    /// <summary>Alibaba Cloud ACM, or a server with the same protocol.</summary>
    Acm,

    /// <summary>Nacos 1, 2 or 3. The version is detected.</summary>
    Nacos,
}
