namespace Acm.Server.Auth;

/// <summary>The permission of a user.</summary>
internal enum AccessRight
{
    /// <summary>Read configurations.</summary>
    Read,

    /// <summary>Read and change configurations.</summary>
    ReadWrite,

    /// <summary>Everything, including namespaces.</summary>
    Admin,
}
