namespace Acm.Client;

/// <summary>Which kind of server a client connects to.</summary>
public enum AcmServerType
{
    /// <summary>ACM or Nacos: the first call finds out.</summary>
    Auto,

    /// <summary>Alibaba Cloud ACM, or a server that speaks its protocol.</summary>
    Acm,

    /// <summary>Nacos 1, 2 or 3, over HTTP; which one is found out at the first call.</summary>
    Nacos,
}
