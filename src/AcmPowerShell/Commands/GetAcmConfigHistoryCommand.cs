using System.Globalization;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using Acm.Client;
using Acm.Client.Text;
using Acm.Client.Transfer.Diffing;

namespace AcmPowerShell;

/// <summary>Lists the changes of configurations, newest first, with their user, time and address.</summary>
[Cmdlet(VerbsCommon.Get, "AcmConfigHistory")]
[OutputType(typeof(AcmConfigRevision))]
public sealed class GetAcmConfigHistoryCommand : AcmCmdlet
{
    private readonly SecretScan _scan = new(new SecretNames());

    /// <summary>Data IDs, with wildcards, or names as group/dataId. Removed configurations can be named; a wildcard matches only existing ones.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Exact(typeof(string), typeof(IConvertible))]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DataIdCompleter))]
    public string[] DataId { get; set; } = [];

    /// <summary>Groups. Wildcards are supported. Defaults to DEFAULT_GROUP for a name, and to all for a wildcard.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(GroupCompleter))]
    [PSDefaultValue(Help = "DEFAULT_GROUP for a name, all for a wildcard")]
    public string[] Group { get; set; } = KeyRequest.DefaultGroups;

    /// <summary>Also read the content after each change, in one request each.</summary>
    [Parameter]
    public SwitchParameter Content { get; set; }

    /// <summary>Also read the diff of each change, in one request each.</summary>
    [Parameter]
    public SwitchParameter Diff { get; set; }

    /// <summary>Also list changes of gray versions (beta and tag), with their GrayName.</summary>
    [Parameter]
    public SwitchParameter IncludeGray { get; set; }

    /// <summary>Do not decrypt: content and diff of encrypted configurations show the cipher text.</summary>
    [Parameter]
    public SwitchParameter NoDecrypt { get; set; }

    private protected override bool SkipsDecryption => NoDecrypt;

    private protected override void Prepare()
    {
        base.Prepare();
        Progress.Activity = "Reading the history";
    }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var gathering = new KeyGathering(Client, Call, Pipeline);
        await gathering.AddAsync(DataId, Group, cancellationToken, groupOfPattern: "*").ConfigureAwait(false);
        foreach (ConfigKey key in gathering.Keys) await WriteAsync(key, cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteAsync(ConfigKey key, CancellationToken cancellationToken)
    {
        IAsyncEnumerator<AcmConfigRevision> revisions = RevisionsAsync(key, cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            while (await TryMoveAsync(revisions, key).ConfigureAwait(false))
            {
                Progress.Advance();
                await Pipeline.WriteObjectAsync(revisions.Current).ConfigureAwait(false);
            }
        }
        finally
        {
            await revisions.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Reads the next change. A failure is a non-terminating error for this configuration.</summary>
    private async Task<bool> TryMoveAsync(IAsyncEnumerator<AcmConfigRevision> revisions, ConfigKey key)
    {
        try
        {
            return await revisions.MoveNextAsync().ConfigureAwait(false);
        }
        catch (AcmException e) when (!AcmErrors.EndsCommand(e.Kind))
        {
            await Pipeline.WriteErrorAsync(AcmErrors.Record(e, key)).ConfigureAwait(false);
            return false;
        }
    }

    private async IAsyncEnumerable<AcmConfigRevision> RevisionsAsync(ConfigKey key, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!Content && !Diff)
        {
            await foreach (ConfigRevision revision in Client.GetHistoryAsync(key, Call, cancellationToken).ConfigureAwait(false))
            {
                if (IsWanted(revision)) yield return new AcmConfigRevision(revision);
            }

            yield break;
        }

        bool hasWarned = false;
        await foreach (RevisionDetail detail in Client.GetHistoryDetailsAsync(key, Call, cancellationToken).ConfigureAwait(false))
        {
            if (!IsWanted(detail.Revision)) continue;
            if (detail.Error is not null && !hasWarned)
            {
                hasWarned = true;
                Pipeline.WriteWarning(ForeignText.Clean($"Some versions of '{key}' cannot be decrypted and have no content and no diff. Version {detail.Revision.Version.ToString(CultureInfo.InvariantCulture)}: {detail.Error.Message} Use -NoDecrypt to see the cipher text."));
            }

            yield return Whole(key, detail);
        }
    }

    // Without the switch, a position in the list is a state of the configuration, so that scripts can pick one to restore.
    private bool IsWanted(ConfigRevision revision) => IncludeGray || revision.GrayName is null;

    private AcmConfigRevision Whole(ConfigKey key, RevisionDetail detail)
    {
        bool isUnreadable = detail.Error is not null;
        (string Text, string Redacted)? diff = Diff && !isUnreadable && detail.Revision.GrayName is null ? UnifiedDiff.Of(detail.Before?.Content, detail.After?.Content, key.ToString(), key.ToString(), text => _scan.Redact(key.DataId, text)) : null;
        bool isEncrypted = isUnreadable || detail.Before?.IsDecrypted == true || detail.After?.IsDecrypted == true;
        return new AcmConfigRevision(detail.Revision)
        {
            Content = Content && (!isUnreadable || detail.After?.IsDecrypted == true) ? detail.After?.Content : null,
            Diff = diff?.Text,
            RedactedDiff = isEncrypted ? null : diff?.Redacted,
            IsEncrypted = isEncrypted,
        };
    }
}
