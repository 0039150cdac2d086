namespace Acm.Client.Transfer;

/// <summary>The meaning of a path in a folder or zip.</summary>
internal readonly record struct TransferPath
{
    /// <summary>A hidden path, which is ignored.</summary>
    public static readonly TransferPath Hidden = new() { Kind = TransferPathKind.Hidden };

    /// <summary>A path deeper than group and data ID.</summary>
    public static readonly TransferPath TooDeep = new() { Kind = TransferPathKind.TooDeep };

    /// <summary>Gets the kind, which determines the other members.</summary>
    public TransferPathKind Kind { get; private init; }

    /// <summary>Gets the configuration; null if it is not one. Its names are not validated.</summary>
    public ConfigKey? Key { get; private init; }

    /// <summary>Gets why the path is not valid, as a sentence; null if it is valid.</summary>
    public string? Problem { get; private init; }

    public static TransferPath Config(ConfigKey key) => new() { Kind = TransferPathKind.Config, Key = key };

    public static TransferPath Invalid(string problem) => new() { Kind = TransferPathKind.Invalid, Problem = problem };
}

/// <summary>The kind of a path.</summary>
internal enum TransferPathKind
{
    /// <summary>A configuration.</summary>
    Config,

    /// <summary>A hidden file, or one in a hidden folder.</summary>
    Hidden,

    /// <summary>A file deeper than group and data ID.</summary>
    TooDeep,

    /// <summary>An invalid path.</summary>
    Invalid,
}
