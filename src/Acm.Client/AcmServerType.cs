namespace Acm.Client;

/// <summary>The type of server that a client connects to.</summary>
public enum AcmServerType
{
    /// <summary>ACM or Nacos; the first call detects it.</summary>
    Auto,

    /// <summary>Alibaba Cloud ACM or a compatible server.</summary>
    Acm,

    /// <summary>Nacos 1, 2 or 3; the first call detects the version.</summary>
    Nacos,
}
