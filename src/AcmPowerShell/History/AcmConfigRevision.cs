using System.Management.Automation.Host;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>A change of a configuration, as Get-AcmConfigHistory returns it.</summary>
public sealed class AcmConfigRevision
{
    private readonly ConfigRevision _revision;

    internal AcmConfigRevision(ConfigRevision revision) => _revision = revision;

    /// <summary>Gets the data ID.</summary>
    public string DataId => _revision.DataId;

    /// <summary>Gets the group.</summary>
    public string Group => _revision.Group;

    /// <summary>Gets the ID of the namespace. Empty for the default namespace.</summary>
    public string Namespace => _revision.Namespace;

    /// <summary>Gets the version: the number of the change, and of the configuration after it.</summary>
    public long Version => _revision.Version;

    /// <summary>Gets the time of the change by the server's clock.</summary>
    public DateTimeOffset Time => _revision.Time;

    /// <summary>Gets the kind of change.</summary>
    public RevisionKind Operation => _revision.Operation;

    /// <summary>Gets the user or access key. Empty if the server does not know it.</summary>
    public string User => _revision.User;

    /// <summary>Gets the IP address of the client. Empty if the server does not know it.</summary>
    public string Address => _revision.Address;

    /// <summary>Gets the changed gray version, such as <c>beta</c> or <c>tag_NAME</c>, or <c>gray</c> if the server does not tell its name. Null for a change of the configuration itself.</summary>
    public string? GrayName => _revision.GrayName;

    /// <summary>Gets the content after the change. Null without -Content, after a removal, and if the server no longer has it or it cannot be decrypted.</summary>
    public string? Content { get; internal init; }

    /// <summary>Gets whether the configuration is encrypted, so that <see cref="Diff"/> contains secrets.</summary>
    public bool IsEncrypted { get; internal init; }

    /// <summary>Gets the unified diff of the change. Empty if the content is unchanged, null without -Diff.</summary>
    public string? Diff { get; internal init; }

    /// <summary>Gets the diff with <c>***</c> in place of secret values. Null for encrypted configurations.</summary>
    public string? RedactedDiff { get; internal init; }

    /// <summary>Gets the number of added and removed lines, such as <c>+3 -1</c>. Empty if no line differs.</summary>
    public string Lines => DiffView.Count(Diff) is (var added, var removed) && added + removed > 0 ? $"+{added} -{removed}" : "";

    /// <summary>Returns the diff for display: redacted, with visible control characters, and colored if the host supports it.</summary>
    /// <param name="host">The host, or null for no colors.</param>
    public string ShowDiff(PSHost? host) =>
        Diff is null ? "" : IsEncrypted ? "(encrypted: see the Diff property)" : DiffView.Render(RedactedDiff!, DiffView.WantsColor(host));

    /// <summary>Returns the key and the version, as <c>group/dataId@version</c>.</summary>
    public override string ToString() => _revision.ToString();
}
