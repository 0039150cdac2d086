using Acm.Client;

namespace AcmPowerShell;

/// <summary>Base class of the commands that manage namespaces. For them, -Namespace is the subject and not the context.</summary>
public abstract class NamespaceCmdlet : AcmCmdlet
{
    private protected override string? WorkingNamespace => null;

    /// <summary>Gets false: these commands do not use the connection's namespace.</summary>
    private protected override bool FindsNamespace => false;

    /// <summary>Runs an operation on one namespace and writes a failure as a non-terminating error.</summary>
    private protected async Task<bool> TryAsync(string name, Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
            return true;
        }
        catch (AcmException e) when (!AcmErrors.EndsCommand(e.Kind))
        {
            await Pipeline.WriteErrorAsync(AcmErrors.Record(e, name)).ConfigureAwait(false);
            return false;
        }
    }

    /// <summary>Returns the namespace with an ID.</summary>
    /// <exception cref="AcmException">The namespace does not exist (<see cref="AcmErrorKind.ConfigNotFound"/>).</exception>
    private protected async Task<ConfigNamespace> FindAsync(string name, CancellationToken cancellationToken) =>
        await Client.GetNamespaceAsync(NamespaceName.Normalize(name), Call, cancellationToken).ConfigureAwait(false)
        ?? throw new AcmException(AcmErrorKind.ConfigNotFound, $"Namespace '{name}' was not found.") { Advice = "Run Get-AcmNamespace to list the namespaces. Their IDs are case-sensitive." };

    /// <summary>Returns the namespace with its server, for prompts.</summary>
    private protected string Describe(string name) => $"{name} of {Client.Options.Endpoint}";
}
