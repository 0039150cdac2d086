namespace AcmPowerShell;

/// <summary>What Import-AcmProfile did with a namespace.</summary>
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

    /// <summary>Name of the profile.</summary>
    public string Name { get; }

    /// <summary>The alias that it had, where that is not a name here or is another profile's; null where it kept it, and where it had none.</summary>
    public string? RenamedFrom { get; internal init; }

    /// <summary>Its address server.</summary>
    public string Endpoint { get; }

    /// <summary>Its namespace; empty for the blank one.</summary>
    public string Namespace { get; }

    /// <summary>What was done.</summary>
    public ProfileImportStatus Status { get; }

    /// <summary>What was taken, or why nothing was. Names secrets, shows none.</summary>
    public string Detail { get; }

    /// <summary>Its name and what was done.</summary>
    public override string ToString() => $"{Name}: {Status}";
}
