using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>A command about namespaces themselves: -Namespace names one, and is not where the command works.</summary>
public abstract class NamespaceCmdlet : AcmCmdlet
{
    private protected override string? WorkingNamespace => null;

    /// <summary>The namespace of the connection plays no part.</summary>
    private protected override bool FindsNamespace => false;

    /// <summary>Does something with one namespace. A failure is an error of its own; the others go on.</summary>
    private protected async Task<bool> TryAsync(string name, Func<Task> work)
    {
        ErrorRecord error;
        try
        {
            await work().ConfigureAwait(false);
            return true;
        }
        catch (AcmException e) when (!AcmErrors.EndsCommand(e.Kind))
        {
            error = AcmErrors.Record(e, name);
        }

        await Pipeline.WriteErrorAsync(error).ConfigureAwait(false);
        return false;
    }

    /// <summary>The namespace with this ID.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.ConfigNotFound"/>: there is none.</exception>
    private protected async Task<ConfigNamespace> FindAsync(string name, CancellationToken cancellationToken) =>
        await Client.GetNamespaceAsync(NamespaceName.Normalize(name), Call, cancellationToken).ConfigureAwait(false)
        ?? throw new AcmException(AcmErrorKind.ConfigNotFound, $"Namespace '{name}' was not found.") { Advice = "Run Get-AcmNamespace to list the namespaces. Their IDs are case-sensitive." };

    /// <summary>The namespace and its server, as a person who is asked about it has to see it.</summary>
    private protected string Describe(string name) => $"{name} of {Client.Options.Endpoint}";
}
