namespace AcmPowerShell;

/// <summary>Which kind of server a connection leads to.</summary>
public enum ServerType
{
    /// <summary>Found out. This version speaks ACM only, so it is ACM.</summary>
    Auto,

    /// <summary>Alibaba Cloud ACM, or a server that speaks its protocol.</summary>
    Acm,

    /// <summary>Nacos, which this version does not speak.</summary>
    Nacos,
}
