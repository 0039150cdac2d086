using System.Management.Automation;
using Acm.Client;
using Acm.Client.Transfer;

namespace AcmPowerShell;

/// <summary>Copies configurations that differ between namespaces, profiles or servers.</summary>
[Cmdlet(VerbsCommon.Copy, "AcmConfig", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(TransferSummary))]
[OutputType(typeof(TransferItem))]
[OutputType(typeof(AcmConfigDifference))]
public sealed class CopyAcmConfigCommand : PublishingCmdlet
{
    private AcmClient _target = null!;
    private PipedKeys _piped = null!;

    /// <summary>Data IDs. Wildcards are supported. Defaults to all.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty, SupportsWildcards, ArgumentCompleter(typeof(DataIdCompleter))]
    public string[] DataId { get; set; } = ["*"];

    /// <summary>Groups. Wildcards are supported. Defaults to all.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty, SupportsWildcards, ArgumentCompleter(typeof(GroupCompleter))]
    public string[] Group { get; set; } = ["*"];

    /// <summary>Literal prefixes of data IDs. Defaults to all.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string[] Prefix { get; set; } = [];

    /// <summary>Objects with a data ID and a group, such as those of Find-AcmConfig. Only these configurations are copied.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>The target namespace. Defaults to that of -ToSession or -ToProfile.</summary>
    [Parameter]
    [AllowEmptyString, ArgumentCompleter(typeof(NamespaceCompleter))]
    public string? ToNamespace { get; set; }

    /// <summary>The target connection. Defaults to the source connection.</summary>
    [Parameter]
    [ValidateNotNull]
    public AcmSession? ToSession { get; set; }

    /// <summary>The profile to connect to the target with, for this command only.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty, ArgumentCompleter(typeof(ProfileNameCompleter))]
    public string? ToProfile { get; set; }

    private protected override void Prepare()
    {
        base.Prepare();
        if (ToNamespace is null && ToSession is null && ToProfile is null)
            ThrowTerminatingError(AcmErrors.InvalidParameter("Specify the target with -ToNamespace, -ToProfile or -ToSession.", nameof(ToNamespace)));

        _target = Sides.Other(Client, ToSession, ToProfile, ToNamespace);
        _piped = new PipedKeys(this, Pipeline, isPiped: !IsOnlyRecord || InputObject is not null);

        // An invalid pattern is an error before anything is read.
        _ = new KeySelection(DataId, Group, Prefix, piped: null);
    }

    private protected override Task ProcessAsync(CancellationToken cancellationToken) => _piped.AddAsync(InputObject, WrongNamespace, read: null);

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        if (_piped.IsEmpty("copied")) return;

        var selection = new KeySelection(DataId, Group, Prefix, _piped.Keys);
        using ConfigSet source = TransferSides.SetOf(Client, _target);
        try
        {
            await RunAsync(source, _target, selection, cancellationToken).ConfigureAwait(false);
        }
        catch (ArgumentException e)
        {
            await Pipeline.WriteErrorAsync(AcmErrors.InvalidParameter(AcmErrors.WithoutParameter(e), nameof(ToNamespace), ToNamespace, e)).ConfigureAwait(false);
        }
    }
}
