using System.Globalization;

namespace Acm.Client;

/// <summary>A change of a configuration, as the history of its server tells it.</summary>
public sealed class ConfigRevision
{
    /// <summary>The data id.</summary>
    public required string DataId { get; init; }

    /// <summary>The group.</summary>
    public required string Group { get; init; }

    /// <summary>The namespace; empty for the blank one.</summary>
    public required string Namespace { get; init; }

    /// <summary>The number of the change, which stands for the configuration as it was after it. Later changes have higher numbers.</summary>
    public required long Version { get; init; }

    /// <summary>When it was made, by the clock of the server.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What it did.</summary>
    public required RevisionKind Operation { get; init; }

    /// <summary>The user or the access key; empty where the server does not know.</summary>
    public string User { get; init; } = "";

    /// <summary>IP address of the client; empty where the server does not know.</summary>
    public string Address { get; init; } = "";

    /// <summary>The key and the version: <c>group/dataId@version</c>.</summary>
    public override string ToString() => $"{Group}/{DataId}@{Version.ToString(CultureInfo.InvariantCulture)}";
}
