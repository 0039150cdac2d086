using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Creates a namespace.</summary>
[Cmdlet(VerbsCommon.New, "AcmNamespace", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(ConfigNamespace))]
public sealed class NewAcmNamespaceCommand : NamespaceCmdlet
{
    /// <summary>Namespace ID: letters, digits, '_' and '-'. Defaults to a new GUID.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "A new GUID")]
    public override string? Namespace { get; set; }

    /// <summary>Display name. Defaults to the ID.</summary>
    [Parameter(Position = 1)]
    [ValidateLength(1, 200)]
    [PSDefaultValue(Help = "The ID")]
    public string? Name { get; set; }

    /// <summary>Description of the namespace.</summary>
    [Parameter]
    [AllowEmptyString]
    [ValidateLength(0, 200)]
    public string Description { get; set; } = "";

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        string id = Namespace ?? Guid.NewGuid().ToString();
        if (!await Pipeline.ShouldProcessAsync(Describe(id), "Create namespace").ConfigureAwait(false)) return;

        await TryAsync(id, async () =>
        {
            await Client.AddNamespaceAsync(new ConfigNamespace { Namespace = id, Name = Name ?? id, Description = Description }, Call, cancellationToken).ConfigureAwait(false);
            CurrentSession!.RememberNamespace(id);
            await Pipeline.WriteObjectAsync(await FindAsync(id, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }
}
