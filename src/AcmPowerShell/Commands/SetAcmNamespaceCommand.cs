using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Changes the display name or the description of a namespace.</summary>
[Cmdlet(VerbsCommon.Set, "AcmNamespace", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(ConfigNamespace))]
public sealed class SetAcmNamespaceCommand : NamespaceCmdlet
{
    /// <summary>Namespace ID.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public override string? Namespace { get; set; }

    /// <summary>Display name. By default, it is unchanged.</summary>
    [Parameter(Position = 1)]
    [ValidateLength(1, 200)]
    [PSDefaultValue(Help = "The current one")]
    public string? Name { get; set; }

    /// <summary>Description. By default, it is unchanged. An empty string clears it.</summary>
    [Parameter]
    [AllowEmptyString]
    [ValidateLength(0, 200)]
    [PSDefaultValue(Help = "The current one")]
    public string? Description { get; set; }

    /// <summary>Return the changed namespace.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        string id = Namespace!;
        if (NamespaceName.IsDefault(id)) ThrowTerminatingError(AcmErrors.InvalidParameter("The default namespace has a fixed name and description.", nameof(Namespace), id));
        if (Name is null && Description is null) ThrowTerminatingError(AcmErrors.InvalidParameter("Specify -Name or -Description.", nameof(Name)));
        await TryAsync(id, () => ChangeAsync(id, cancellationToken)).ConfigureAwait(false);
    }

    private async Task ChangeAsync(string id, CancellationToken cancellationToken)
    {
        ConfigNamespace old = await FindAsync(id, cancellationToken).ConfigureAwait(false);
        if (!await Pipeline.ShouldProcessAsync(Describe(id), "Change namespace").ConfigureAwait(false)) return;

        await Client.SetNamespaceAsync(new ConfigNamespace { Namespace = id, Name = Name ?? old.Name, Description = Description }, Call, cancellationToken).ConfigureAwait(false);
        if (PassThru) await Pipeline.WriteObjectAsync(await FindAsync(id, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
    }
}
