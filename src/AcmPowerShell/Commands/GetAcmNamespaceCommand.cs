using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Lists the namespaces of a server and the number of their configurations.</summary>
[Cmdlet(VerbsCommon.Get, "AcmNamespace")]
[OutputType(typeof(ConfigNamespace))]
public sealed class GetAcmNamespaceCommand : NamespaceCmdlet
{
    /// <summary>Namespace ID. Wildcards are supported. Defaults to all. The default namespace is public.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    [PSDefaultValue(Help = "All")]
    public override string? Namespace { get; set; }

    private protected override void Prepare()
    {
        base.Prepare();
        Progress.Activity = "Listing namespaces";
    }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        if (Namespace is not null && !WildcardPattern.ContainsWildcardCharacters(Namespace))
        {
            await TryAsync(Namespace, async () => await Pipeline.WriteObjectAsync(await FindAsync(Namespace, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false)).ConfigureAwait(false);
            return;
        }

        WildcardPattern pattern = WildcardPattern.Get(Namespace ?? "*", WildcardOptions.CultureInvariant);
        foreach (ConfigNamespace found in await Client.GetNamespacesAsync(Call, cancellationToken).ConfigureAwait(false))
        {
            // Makes the namespace available for tab completion.
            CurrentSession!.RememberNamespace(found.Namespace);
            if (pattern.IsMatch(found.ToString())) await Pipeline.WriteObjectAsync(found).ConfigureAwait(false);
        }
    }
}
