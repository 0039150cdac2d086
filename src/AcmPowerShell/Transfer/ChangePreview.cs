using System.Management.Automation.Host;
using Acm.Client;
using Acm.Client.Text;
using Acm.Client.Transfer.Diffing;

namespace AcmPowerShell;

/// <summary>Evaluates -WhatIf and -Confirm for each write, with its namespace, server and diff.</summary>
/// <param name="client">The client for the namespace.</param>
/// <param name="pipeline">The output of the command.</param>
/// <param name="host">The host, for colors.</param>
internal sealed class ChangePreview(AcmClient client, PipelineWriter pipeline, PSHost host)
{
    private readonly SecretScan _scan = new(new SecretNames());
    private readonly bool _hasColor = DiffView.WantsColor(host);

    /// <summary>Returns whether to publish.</summary>
    /// <exception cref="AcmException">The publish would also fail: the server is not reachable, or a condition is not met.</exception>
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

    /// <summary>Returns whether to publish a gray version.</summary>
    /// <exception cref="AcmException">The publish would also fail: the server is not reachable, or does not support gray versions.</exception>
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
            // The version is new.
        }

        return await AskAsync(verb, key, current == content ? " (unchanged)" : Excerpt(key, current, content)).ConfigureAwait(false);
    }

    /// <summary>Returns whether to remove a gray version.</summary>
    /// <exception cref="AcmException">The removal would also fail: the server is not reachable, or does not have the version.</exception>
    internal async Task<bool> MayRemoveGrayAsync(ConfigKey key, GrayTarget target, AcmCallOptions call, CancellationToken cancellationToken)
    {
        string verb = $"Remove {target} of";
        GrayConfig gray;
        try
        {
            gray = await client.GetGrayAsync(key, target, call, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException e) when (IsUnreadable(e) || (e.Kind == AcmErrorKind.CapabilityMissing && target.Tag is not null))
        {
            return await AskAsync(verb, key, NotShown(e)).ConfigureAwait(false);
        }

        return await AskAsync(verb, key, Excerpt(key, gray.Config.Content, null)).ConfigureAwait(false);
    }

    /// <summary>Returns whether to restore.</summary>
    /// <param name="plan">The plan.</param>
    internal Task<bool> MayRestoreAsync(RestorePlan plan)
    {
        string old = plan.Current is null ? "" : plan.Current.GetRawContent();
        string change = old == plan.Wanted.GetRawContent() ? "" : Excerpt(plan.Key, plan.Current?.GetRawContent(), plan.Wanted.GetRawContent());
        return AskAsync(plan.Current is null ? "Add" : "Change", plan.Key, change + string.Concat(plan.MetadataChanges.Select(line => "\n  " + line)));
    }

    /// <summary>Returns whether to remove.</summary>
    /// <param name="current">The stored configuration, or the error of reading it.</param>
    /// <exception cref="AcmException">The removal would also fail: the server is not reachable.</exception>
    internal Task<bool> MayRemoveAsync(ConfigResult current) =>
        current.Config is { } config ? AskAsync("Remove", current.Key, Excerpt(current.Key, config.Content, null))
        : IsUnreadable(current.Error!) ? AskAsync("Remove", current.Key, NotShown(current.Error!))
        : throw current.Error!;

    // A user can have permission to write but not to read.
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
