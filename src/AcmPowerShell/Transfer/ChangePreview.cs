using System.Management.Automation.Host;
using Acm.Client;
using Acm.Client.Text;
using Acm.Client.Transfer.Diffing;

namespace AcmPowerShell;

/// <summary>Asks about writes one by one, each with its server, its namespace and the diff of what it would change: for -WhatIf and -Confirm.</summary>
/// <param name="client">The namespace that is written to.</param>
/// <param name="pipeline">Asks.</param>
/// <param name="host">The host that shows the diffs.</param>
internal sealed class ChangePreview(AcmClient client, PipelineWriter pipeline, PSHost host)
{
    private readonly SecretScan _scan = new(new SecretNames());
    private readonly bool _hasColor = DiffView.WantsColor(host);

    /// <summary>Whether to publish.</summary>
    /// <exception cref="AcmException">The publish would fail as well: the server cannot be asked, or a condition does not hold.</exception>
    internal async Task<bool> MayPublishAsync(ConfigKey key, string content, PublishOptions options, AcmCallOptions call, CancellationToken cancellationToken)
    {
        AcmConfig? current;
        try
        {
            current = await client.GetReplacedAsync(key, options, call, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException e) when (IsUnreadable(e))
        {
            return await AskAsync("Publish", key, NotShown(e)).ConfigureAwait(false);
        }

        return current?.Content == content
            ? await AskAsync("Publish", key, " (unchanged)").ConfigureAwait(false)
            : await AskAsync(current is null ? "Add" : "Change", key, Excerpt(key, current?.Content, content)).ConfigureAwait(false);
    }

    /// <summary>Whether to publish a version for some clients.</summary>
    /// <exception cref="AcmException">The publish would fail as well: the server cannot be asked, or keeps no such versions.</exception>
    internal async Task<bool> MayPublishGrayAsync(ConfigKey key, string content, GrayTarget target, AcmCallOptions call, CancellationToken cancellationToken)
    {
        string verb = $"Publish {target} of";
        string? current = null;
        try
        {
            current = (await client.GetGrayAsync(key, target, call, cancellationToken).ConfigureAwait(false)).Config.Content;
        }
        catch (AcmException e) when (IsUnreadable(e) || (e.Kind == AcmErrorKind.CapabilityMissing && target.Tag is not null))
        {
            return await AskAsync(verb, key, NotShown(e)).ConfigureAwait(false);
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.ConfigNotFound)
        {
            // It is a new one.
        }

        return await AskAsync(verb, key, current == content ? " (unchanged)" : Excerpt(key, current, content)).ConfigureAwait(false);
    }

    /// <summary>Whether to restore.</summary>
    /// <param name="plan">What would be published.</param>
    internal Task<bool> MayRestoreAsync(RestorePlan plan)
    {
        string old = plan.Current is null ? "" : plan.Current.GetRawContent();
        string change = old == plan.Wanted.GetRawContent() ? "" : Excerpt(plan.Key, plan.Current?.GetRawContent(), plan.Wanted.GetRawContent());
        return AskAsync(plan.Current is null ? "Add" : "Change", plan.Key, change + string.Concat(plan.MetadataChanges.Select(line => "\n  " + line)));
    }

    /// <summary>Whether to remove.</summary>
    /// <param name="current">What the server holds, or why it cannot be read.</param>
    /// <exception cref="AcmException">The removal would fail as well: the server cannot be asked.</exception>
    internal Task<bool> MayRemoveAsync(ConfigResult current) =>
        current.Config is { } config ? AskAsync("Remove", current.Key, Excerpt(current.Key, config.Content, null))
        : IsUnreadable(current.Error!) ? AskAsync("Remove", current.Key, NotShown(current.Error!))
        : throw current.Error!;

    // A key may have the right to write and not the right to read.
    private static bool IsUnreadable(AcmException error) => error.Kind is AcmErrorKind.AccessDenied or AcmErrorKind.DecryptFailed or AcmErrorKind.InvalidContent;

    private static string NotShown(AcmException error) => $"\n  (not shown: {ForeignText.Clean(error.Message)})";

    private string Excerpt(ConfigKey key, string? old, string? @new)
    {
        if (key.DataId.StartsWith("cipher-", StringComparison.Ordinal)) return DiffView.Excerpt(null, _hasColor);

        (_, string redacted) = UnifiedDiff.Of(old, @new, key.ToString(), key.ToString(), text => _scan.Redact(key.DataId, text));
        return DiffView.Excerpt(redacted, _hasColor);
    }

    private Task<bool> AskAsync(string verb, ConfigKey key, string change)
    {
        string action = ForeignText.Clean($"{verb} {key} in {NamespaceText.Of(client)}");
        return pipeline.ShouldProcessAsync(action + change, $"{action}?{change}", "Confirm");
    }
}
