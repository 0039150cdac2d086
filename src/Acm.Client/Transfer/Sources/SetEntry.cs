namespace Acm.Client.Transfer.Sources;

/// <summary>A configuration of a set, without its content.</summary>
internal sealed class SetEntry
{
    public required ConfigKey Key { get; init; }

    /// <summary>Its file, relative to the set; null where it is none.</summary>
    public string? Path { get; init; }

    /// <summary>The application name that was stored with it; null where none is known.</summary>
    public string? AppName { get; init; }

    /// <summary>What an export recorded of it; null where nothing was.</summary>
    public TransferRecordEntry? Record { get; init; }
}
