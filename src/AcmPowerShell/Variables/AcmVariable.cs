namespace AcmPowerShell;

/// <summary>A variable that Export-AcmEnvironment wrote. Its views leave a secret value out.</summary>
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

    /// <summary>The variable's name.</summary>
    public string Name { get; }

    /// <summary>The value, also where it is secret.</summary>
    public string Value { get; }

    /// <summary>Whether it is masked: it comes from an encrypted configuration, or a name matches -SecretPattern.</summary>
    public bool IsSecret { get; }

    /// <summary>The data id that it comes from.</summary>
    public string DataId { get; }

    /// <summary>The group of the data id.</summary>
    public string Group { get; }

    /// <summary>Its place in the configuration, as <c>db.hosts[0]</c>; empty for the whole.</summary>
    public string Path { get; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
