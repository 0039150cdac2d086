namespace Acm.Server.Auth;

/// <summary>What a user may do.</summary>
internal enum AccessRight
{
    /// <summary>Read configurations.</summary>
    Read,

    /// <summary>Read and change configurations.</summary>
    ReadWrite,

    /// <summary>Everything, namespaces included.</summary>
    Admin,
}
