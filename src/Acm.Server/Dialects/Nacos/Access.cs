namespace Acm.Server.Dialects.Nacos;

/// <summary>What a caller must be allowed to do.</summary>
internal enum Access
{
    /// <summary>Open to everybody: states, health, login.</summary>
    None,

    /// <summary>To read configurations of the namespace.</summary>
    Read,

    /// <summary>To change configurations of the namespace.</summary>
    Write,

    /// <summary>To read or change what belongs to no namespace.</summary>
    Admin,
}
