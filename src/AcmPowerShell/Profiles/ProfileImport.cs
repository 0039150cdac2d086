namespace AcmPowerShell;

/// <summary>The result for a namespace, as Import-AcmProfile returns it.</summary>
public sealed class ProfileImport
{
    internal ProfileImport(string name, string endpoint, string @namespace, ProfileImportStatus status, string detail)
    {
        Name = name;
        Endpoint = endpoint;
        Namespace = @namespace;
        Status = status;
        Detail = detail;
    }

    /// <summary>Gets the name of the profile.</summary>
    public string Name { get; }

    /// <summary>Gets the original alias if it is in use or not a valid profile name. Otherwise null.</summary>
    public string? RenamedFrom { get; internal init; }

    /// <summary>Gets the address server.</summary>
    public string Endpoint { get; }

    /// <summary>Gets the ID of the namespace. Empty for the default namespace.</summary>
    public string Namespace { get; }

    /// <summary>Gets the status.</summary>
    public ProfileImportStatus Status { get; }

    /// <summary>Gets what was imported, or why nothing was, without secrets.</summary>
    public string Detail { get; }

    /// <summary>Returns name and status.</summary>
    public override string ToString() => $"{Name}: {Status}";
}
