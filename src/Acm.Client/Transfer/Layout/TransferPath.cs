namespace Acm.Client.Transfer;

/// <summary>What a file of a folder or zip stands for, by its path.</summary>
internal readonly record struct TransferPath
{
    /// <summary>Hidden: not looked at.</summary>
    public static readonly TransferPath Hidden = new() { Kind = TransferPathKind.Hidden };

    /// <summary>Deeper than group and data id: no configuration.</summary>
    public static readonly TransferPath TooDeep = new() { Kind = TransferPathKind.TooDeep };

    /// <summary>Which of the other members counts.</summary>
    public TransferPathKind Kind { get; private init; }

    /// <summary>The configuration; null unless it is one. Its names are not checked against the rules of any server.</summary>
    public ConfigKey? Key { get; private init; }

    /// <summary>Why the path stands for nothing, as a sentence; null unless it is invalid.</summary>
    public string? Problem { get; private init; }

    public static TransferPath Config(ConfigKey key) => new() { Kind = TransferPathKind.Config, Key = key };

    public static TransferPath Invalid(string problem) => new() { Kind = TransferPathKind.Invalid, Problem = problem };
}

/// <summary>The ways to read a path.</summary>
internal enum TransferPathKind
{
    /// <summary>A configuration.</summary>
    Config,

    /// <summary>A hidden file, or one below a hidden folder.</summary>
    Hidden,

    /// <summary>A file too deep to be a configuration.</summary>
    TooDeep,

    /// <summary>A path that no export writes.</summary>
    Invalid,
}
