using System.Globalization;
using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Removes namespaces. A namespace with configurations is an error, unless -Force removes them first.</summary>
[Cmdlet(VerbsCommon.Remove, "AcmNamespace", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = NameSet)]
public sealed class RemoveAcmNamespaceCommand : NamespaceCmdlet
{
    private const string NameSet = "Name";
    private const string ObjectSet = "Object";

    /// <summary>Number of configurations to remove concurrently.</summary>
    private const int Parallelism = 16;

    private string? _underWay;
    private int _total;
    private int _removed;

    /// <summary>Namespace ID.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = NameSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public override string? Namespace { get; set; }

    /// <summary>Namespaces from Get-AcmNamespace.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ObjectSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    [Exact(typeof(ConfigNamespace))]
    public ConfigNamespace? InputObject { get; set; }

    /// <summary>Remove the configurations of the namespace first, without a prompt.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        string id = InputObject?.Namespace ?? NamespaceName.Normalize(Namespace);
        return TryAsync(id.Length == 0 ? "public" : id, () => RemoveAsync(id, cancellationToken));
    }

    private async Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        if (id.Length == 0) throw new AcmException(AcmErrorKind.InvalidKey, "The default namespace cannot be removed.");

        await FindAsync(id, cancellationToken).ConfigureAwait(false);
        AcmClient inside = Client.ForNamespace(id);
        List<ConfigKey> keys = await KeysAsync(inside, cancellationToken).ConfigureAwait(false);
        if (keys.Count > 0 && !Force)
        {
            await Pipeline.WriteErrorAsync(new ErrorRecord(
                new PSInvalidOperationException($"Namespace '{id}' has {Count(keys.Count)} and was not removed: the server would keep them, hidden but readable. Use -Force to remove them first."), "AcmNamespaceNotEmpty", ErrorCategory.InvalidOperation, id)).ConfigureAwait(false);
            return;
        }

        string action = keys.Count == 0 ? "Remove namespace" : $"Remove {Count(keys.Count)}, then the namespace";
        bool asks = !Force || WantsWhatIf || Confirm == true;
        if (asks && !await Pipeline.ShouldProcessAsync(Describe(id), action).ConfigureAwait(false)) return;

        await RemoveConfigsAsync(inside, keys, cancellationToken).ConfigureAwait(false);
        await Client.RemoveNamespaceAsync(id, Call, cancellationToken).ConfigureAwait(false);
    }

    private async Task RemoveConfigsAsync(AcmClient inside, List<ConfigKey> keys, CancellationToken cancellationToken)
    {
        if (keys.Count == 0) return;

        _underWay = inside.Namespace;
        _total = keys.Count;
        _removed = 0;
        Progress.Restart($"Removing the configurations of namespace '{inside.Namespace}'", keys.Count);
        try
        {
            for (int start = 0; start < keys.Count; start += Parallelism)
                await Task.WhenAll(keys.Skip(start).Take(Parallelism).Select(key => RemoveConfigAsync(inside, key, cancellationToken))).ConfigureAwait(false);
        }
        catch (AcmException e)
        {
            _underWay = null;
            throw new AcmException(e.Kind, $"{e.Message} {HowMany} of namespace '{inside.Namespace}' were removed; the namespace was not removed.", e) { Key = e.Key, Advice = e.Advice };
        }

        _underWay = null;
    }

    private protected override string? StoppedHalfWay() =>
        _underWay is null ? null : $"Stopped: {HowMany} of namespace '{_underWay}' were removed; the namespace was not removed. Run the command again to continue.";

    private string HowMany => $"{Volatile.Read(ref _removed).ToString("N0", CultureInfo.InvariantCulture)} of {Count(_total)}";

    private async Task RemoveConfigAsync(AcmClient inside, ConfigKey key, CancellationToken cancellationToken)
    {
        await RemoveBetaAsync(inside, key, cancellationToken).ConfigureAwait(false);
        await inside.RemoveAsync(key, Call, cancellationToken).ConfigureAwait(false);
        Interlocked.Increment(ref _removed);
        Progress.Advance();
    }

    /// <summary>Removes the beta version, which the server would otherwise keep after its configuration is removed.</summary>
    private async Task RemoveBetaAsync(AcmClient inside, ConfigKey key, CancellationToken cancellationToken)
    {
        try
        {
            await inside.RemoveGrayAsync(key, GrayTarget.Beta, Call, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.ConfigNotFound)
        {
            // Most configurations have no beta version.
        }
    }

    /// <summary>Returns all keys of the namespace. An incomplete list is an error.</summary>
    private async Task<List<ConfigKey>> KeysAsync(AcmClient inside, CancellationToken cancellationToken)
    {
        var keys = new List<ConfigKey>();
        await foreach (ConfigItem item in inside.ListAsync(null, Call, cancellationToken).ConfigureAwait(false)) keys.Add(item.Key);
        return keys;
    }

    private static string Count(int count) => count == 1 ? "1 configuration" : string.Format(CultureInfo.InvariantCulture, "{0:N0} configurations", count);
}
