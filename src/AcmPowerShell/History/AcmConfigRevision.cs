using System.Management.Automation.Host;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>A change of a configuration, as Get-AcmConfigHistory writes it.</summary>
public sealed class AcmConfigRevision
{
    private readonly ConfigRevision _revision;

    internal AcmConfigRevision(ConfigRevision revision) => _revision = revision;

    /// <summary>The data id.</summary>
    public string DataId => _revision.DataId;

    /// <summary>The group.</summary>
    public string Group => _revision.Group;

    /// <summary>The namespace; empty for the default one.</summary>
    public string Namespace => _revision.Namespace;

    /// <summary>The number of the change, which stands for the configuration as it was after it.</summary>
    public long Version => _revision.Version;

    /// <summary>When it was made, by the clock of the server.</summary>
    public DateTimeOffset Time => _revision.Time;

    /// <summary>What it did.</summary>
    public RevisionKind Operation => _revision.Operation;

    /// <summary>The user or the access key; empty where the server does not know.</summary>
    public string User => _revision.User;

    /// <summary>IP address of the client; empty where the server does not know.</summary>
    public string Address => _revision.Address;

    /// <summary>The content after the change; null unless -Content asked for it, after a removal, and where the server does not keep it any more or it can't be decrypted.</summary>
    public string? Content { get; internal init; }

    /// <summary>Whether the servers hold it encrypted, so that <see cref="Diff"/> shows what is to be kept secret.</summary>
    public bool IsEncrypted { get; internal init; }

    /// <summary>What the change changed, in the unified format; empty where the content stayed, null unless -Diff asked for it.</summary>
    public string? Diff { get; internal init; }

    /// <summary>The same with <c>***</c> in place of secret values, for logs and screens; null for encrypted configurations.</summary>
    public string? RedactedDiff { get; internal init; }

    /// <summary>How many lines the diff adds and removes, such as <c>+3 -1</c>; empty where no line differs.</summary>
    public string Lines => DiffView.Count(Diff) is (var added, var removed) && added + removed > 0 ? $"+{added} -{removed}" : "";

    /// <summary>The diff as a person sees it: without secret values, coloured where the host has colours, with what is invisible made visible. For the views.</summary>
    /// <param name="host">The host that shows it; null for no colours.</param>
    public string ShowDiff(PSHost? host) =>
        Diff is null ? "" : IsEncrypted ? "(encrypted: see the property Diff)" : DiffView.Render(RedactedDiff!, DiffView.WantsColor(host));

    /// <summary>The key and the version: <c>group/dataId@version</c>.</summary>
    public override string ToString() => _revision.ToString();
}
