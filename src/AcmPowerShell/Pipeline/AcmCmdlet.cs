using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>A command that works with a connection.</summary>
public abstract class AcmCmdlet : AsyncCmdlet
{
    /// <summary>Whether the commands of a type ask before they act. To look at an attribute takes longer than all else that is done before a request.</summary>
    private static readonly ConcurrentDictionary<Type, bool> Asking = new();

    /// <summary>Time limit of a try, in seconds (0.001 to 600); by default the connection's own.</summary>
    [Parameter]
    [ValidateRange(0.001, 600.0)]
    public virtual double TimeoutSec { get; set; }

    /// <summary>The connection to use; by default the one that Connect-Acm made last in this runspace.</summary>
    [Parameter]
    [ValidateNotNull]
    public AcmSession? Session { get; set; }

    /// <summary>The namespace to read and write; by default the connection's own. Never bound from the pipeline.</summary>
    [Parameter]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public virtual string? Namespace { get; set; }

    /// <summary>The namespace that the command works in; null for the connection's own.</summary>
    private protected virtual string? WorkingNamespace => Namespace;

    /// <summary>The connection that is used; null where there is none and none is needed.</summary>
    private protected AcmSession? CurrentSession { get; private set; }

    /// <summary>What this runspace holds.</summary>
    private protected static RunspaceResources Holdings => RunspaceResources.Of(Runspace.DefaultRunspace);

    /// <summary>The engine, in the namespace of this command.</summary>
    private protected AcmClient Client { get; private set; } = null!;

    /// <summary>What all calls of this command have in common.</summary>
    private protected AcmCallOptions Call { get; private set; } = null!;

    private protected virtual bool SkipsSnapshot => false;

    private protected virtual bool SkipsFailover => false;

    /// <summary>Whether the command can't do without a connection. Where it can, there may be no <see cref="Client"/>.</summary>
    private protected virtual bool NeedsSession => true;

    private protected virtual bool SkipsDecryption => false;

    /// <summary>Whether what is read shows everything that is stored beside the content.</summary>
    private protected virtual bool WantsMetadata => false;

    /// <summary>Time limit of a try; null for the connection's own.</summary>
    private protected virtual TimeSpan? TryTimeout => MyInvocation.BoundParameters.ContainsKey(nameof(TimeoutSec)) ? TimeSpan.FromSeconds(TimeoutSec) : null;

    /// <summary>Whether all input is on the command line.</summary>
    private protected bool IsOnlyRecord => !MyInvocation.ExpectingInput;

    /// <summary>The key as a person who is asked about it has to see it.</summary>
    private protected string Describe(ConfigKey key) => $"{key} in {NamespaceText.Of(Client)}";

    /// <summary>Ends the command where what came names no configuration: it would do something else than was asked for.</summary>
    private protected void RefuseUnusable(string[] dataIds, string[]? groups)
    {
        if (PipedKey.Of(dataIds)?.Refusal is { } refusal) ThrowTerminatingError(AcmErrors.InvalidParameter(refusal + " Nothing was done.", "DataId"));

        // The binder would pass over a record with a blank group, and tell the command nothing of it.
        if (groups is null || groups.Length == 0 || Array.Exists(groups, string.IsNullOrEmpty)) ThrowTerminatingError(AcmErrors.InvalidParameter("A group is empty. Nothing was done.", "Group"));
    }

    /// <summary>The error of an object that is of another namespace than this command works in; null where it is of none, or -Namespace says which one is meant.</summary>
    private protected ErrorRecord? WrongNamespace(string? origin, object target)
    {
        if (origin is null || Namespace is not null || IsCurrent(origin)) return null;

        return AcmErrors.InvalidParameter(
            $"'{target}' was piped from {NamespaceText.Of(origin)}, but this command works in {NamespaceText.Of(Client)}. It was skipped. Specify -Namespace to choose the namespace.", nameof(Namespace), target);
    }

    private bool IsCurrent(string origin)
    {
        try
        {
            return Client.ForNamespace(origin).Namespace == Client.Namespace;
        }
        catch (AcmException)
        {
            // Not a namespace at all, and so another one.
            return false;
        }
    }

    private protected override void Prepare()
    {
        CurrentSession = Session ?? Holdings.Current;
        if (CurrentSession is not null) Use(CurrentSession);
        else if (NeedsSession) throw AcmErrors.NotConnected(new UserProfiles(this).Advice());

        Call = new AcmCallOptions
        {
            TryTimeout = TryTimeout,
            NoSnapshot = SkipsSnapshot,
            NoFailover = SkipsFailover,
            NoDecrypt = SkipsDecryption,
            WithMetadata = WantsMetadata,
            Log = new PipelineLog(Pipeline, WantsVerbose, WantsDebug),
        };
        if (CurrentSession is not null && FindsNamespace) Client = FindNamespace(Client);
    }

    /// <summary>Whether the namespace may be given by its name, for which a server is asked once.</summary>
    private protected virtual bool FindsNamespace => true;

    private AcmClient FindNamespace(AcmClient client)
    {
        // The default namespace has no other name.
        if (client.Namespace.Length == 0) return client;

        AcmClient found = Await(FindNamespaceAsync(client));
        if (ChangesServers && found.IsNamespaceListed == false && CurrentSession?.IsFirstUnlisted(found) != false)
            WriteWarning($"No namespace has the ID or the name '{found.Namespace}'. The Nacos console does not show the configurations in it. Check the spelling, or create it with New-AcmNamespace.");
        return found;
    }

    /// <summary>Returns a client in the namespace that was given by its name.</summary>
    private async Task<AcmClient> FindNamespaceAsync(AcmClient client)
    {
        try
        {
            return await client.FindNamespaceAsync(Call, isForWrite: ChangesServers, Ending).ConfigureAwait(false);
        }
        catch (AcmException e) when (!ChangesServers && e.Kind is AcmErrorKind.ServerUnavailable or AcmErrorKind.Timeout)
        {
            // Snapshots and failover files may answer, of a namespace of this ID.
            Call.Log?.Write(AcmLogLevel.Verbose, $"The ID of the namespace '{client.Namespace}' could not be looked up: {e.Message}");
            return client;
        }
    }

    /// <summary>Whether the command writes to servers: where it is not certain to which namespace, it does not.</summary>
    private bool ChangesServers => this is not (ExportAcmConfigCommand or ExportAcmEnvironmentCommand)
        && Asking.GetOrAdd(GetType(), static type => Attribute.GetCustomAttribute(type, typeof(CmdletAttribute)) is CmdletAttribute { SupportsShouldProcess: true });

    private void Use(AcmSession session)
    {
        if (session.TakeTraceFault() is { } fault) WriteWarning(fault);

        Client = WorkingNamespace is null ? session.Client : Checked(session.Client, WorkingNamespace);
        session.RememberNamespace(Client.Namespace);
    }

    // Anything else that is disposed of too early is a fault of our own, and must not be taken for that.
    private protected override bool IsSessionOver => CurrentSession is { IsConnected: false };

    // The engine only knows that it was closed, not by what.
    private protected override AcmException Explain(AcmException error) =>
        error.Kind == AcmErrorKind.NotConnected && CurrentSession is { IsConnected: false } ? AcmErrors.SessionEnded(error) : error;

    /// <summary>The client in another namespace, which ends the command where it is none.</summary>
    internal AcmClient InNamespace(AcmClient client, string name) => FindNamespace(Checked(client, name));

    private AcmClient Checked(AcmClient client, string name)
    {
        try
        {
            return client.ForNamespace(name);
        }
        catch (AcmException e)
        {
            ThrowTerminatingError(AcmErrors.Record(e, name));
            throw;
        }
    }
}
