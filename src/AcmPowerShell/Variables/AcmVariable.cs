namespace AcmPowerShell;

/// <summary>A variable, as Export-AcmEnvironment returns it. Its views hide secret values.</summary>
public sealed class AcmVariable
{
    internal AcmVariable(string name, string value, bool isSecret, string dataId, string group, string path)
    {
        Name = name;
        Value = value;
        IsSecret = isSecret;
        DataId = dataId;
        Group = group;
        Path = path;
    }

    /// <summary>Gets the name.</summary>
    public string Name { get; }

    /// <summary>Gets the value, even if it is secret.</summary>
    public string Value { get; }

    /// <summary>Gets whether it is secret: its configuration is encrypted, or a name matches -SecretPattern.</summary>
    public bool IsSecret { get; }

    /// <summary>Gets the data ID of its configuration.</summary>
    public string DataId { get; }

    /// <summary>Gets the group of its configuration.</summary>
    public string Group { get; }

    /// <summary>Gets its path in the configuration, as in <c>db.hosts.0</c>. Empty for the whole content.</summary>
    public string Path { get; }

    /// <summary>Returns the name.</summary>
    public override string ToString() => Name;
}
