namespace Acm.Server.Dialects.Nacos;

/// <summary>The permission that a call needs.</summary>
internal enum Access
{
    /// <summary>No permission: state, health, login.</summary>
    None,

    /// <summary>Permission to read configurations of the namespace.</summary>
    Read,

    /// <summary>Permission to change configurations of the namespace.</summary>
    Write,

    /// <summary>Permission to read or change data outside namespaces.</summary>
    Admin,
}
