using System.Globalization;

namespace Acm.Client;

/// <summary>A change in the history of a configuration.</summary>
public sealed class ConfigRevision
{
    /// <summary>Gets the data ID.</summary>
    public required string DataId { get; init; }

    /// <summary>Gets the group.</summary>
    public required string Group { get; init; }

    /// <summary>Gets the namespace ID; empty for the default namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Gets the version number, which identifies the state after the change. Later changes have higher numbers.</summary>
    public required long Version { get; init; }

    /// <summary>Gets when the change was made, by the server's clock.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Gets the kind of change.</summary>
    public required RevisionKind Operation { get; init; }

    /// <summary>Gets the user or access key; empty if unknown.</summary>
    public string User { get; init; } = "";

    /// <summary>Gets the IP address of the client; empty if unknown.</summary>
    public string Address { get; init; } = "";

    /// <summary>Gets the changed gray version, such as <c>beta</c> or <c>tag_NAME</c>, or <c>gray</c> if the server does not tell its name. Null for a change of the configuration itself.</summary>
    public string? GrayName { get; init; }

    /// <summary>Returns <c>group/dataId@version</c>.</summary>
    public override string ToString() => $"{Group}/{DataId}@{Version.ToString(CultureInfo.InvariantCulture)}";
}
