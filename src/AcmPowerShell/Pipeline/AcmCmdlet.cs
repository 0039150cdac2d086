using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Base class of the commands that use a connection.</summary>
public abstract class AcmCmdlet : AsyncCmdlet
{
    /// <summary>Whether commands of a type support ShouldProcess. Cached, because reading the attribute takes longer than everything else before a request.</summary>
    private static readonly ConcurrentDictionary<Type, bool> SupportsConfirmation = new();

    /// <summary>Time limit for each attempt, in seconds (0.001 to 600). Defaults to the connection's limit.</summary>
    [Parameter]
    [ValidateRange(0.001, 600.0)]
    public virtual double TimeoutSec { get; set; }

    /// <summary>The connection to use. Defaults to the latest connection of Connect-Acm in this runspace.</summary>
    [Parameter]
    [ValidateNotNull]
    public AcmSession? Session { get; set; }

    /// <summary>The namespace to use. Defaults to the connection's namespace. Does not bind from the pipeline.</summary>
    [Parameter]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public virtual string? Namespace { get; set; }

    /// <summary>Gets the namespace that the command works in, or null for the connection's namespace.</summary>
    private protected virtual string? WorkingNamespace => Namespace;

    /// <summary>Gets the connection in use, or null if the command needs none and none exists.</summary>
    private protected AcmSession? CurrentSession { get; private set; }

    /// <summary>Gets the connections and watchers of this runspace.</summary>
    private protected static RunspaceResources Resources => RunspaceResources.Of(Runspace.DefaultRunspace);

    /// <summary>Gets the client for the namespace of this command.</summary>
    private protected AcmClient Client { get; private set; } = null!;

    /// <summary>Gets the options that all calls of this command share.</summary>
    private protected AcmCallOptions Call { get; private set; } = null!;

    private protected virtual bool SkipsSnapshot => false;

    private protected virtual bool SkipsFailover => false;

    /// <summary>Gets whether the command requires a connection. If it does not, <see cref="Client"/> can be null.</summary>
    private protected virtual bool NeedsSession => true;

    private protected virtual bool SkipsDecryption => false;

    /// <summary>Gets whether reads return the metadata with the content.</summary>
    private protected virtual bool WantsMetadata => false;

    /// <summary>Gets the time limit for each attempt, or null for the connection's limit.</summary>
    private protected virtual TimeSpan? TryTimeout => MyInvocation.BoundParameters.ContainsKey(nameof(TimeoutSec)) ? TimeSpan.FromSeconds(TimeoutSec) : null;

    /// <summary>Gets whether the command line holds all input.</summary>
    private protected bool IsOnlyRecord => !MyInvocation.ExpectingInput;

    /// <summary>Returns the key with its namespace and server, for prompts.</summary>
    private protected string Describe(ConfigKey key) => $"{key} in {NamespaceText.Of(Client)}";

    /// <summary>Throws a terminating error if the input does not name a configuration.</summary>
    private protected void RefuseUnusable(string[] dataIds, string[]? groups)
    {
        if (PipedKey.Of(dataIds)?.Refusal is { } refusal) ThrowTerminatingError(AcmErrors.InvalidParameter(refusal + " Nothing was done.", "DataId"));

        // If the parameter had a validation attribute, PowerShell would skip a record with an empty group and the command would not know.
        if (groups is null || groups.Length == 0 || Array.Exists(groups, string.IsNullOrEmpty)) ThrowTerminatingError(AcmErrors.InvalidParameter("A group is empty. Nothing was done.", "Group"));
    }

    /// <summary>Returns an error if a piped object comes from another namespace than the command's. Returns null if it has no namespace or -Namespace is given.</summary>
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
            // An invalid name is never the current namespace.
            return false;
        }
    }

    private protected override void Prepare()
    {
        CurrentSession = Session ?? Resources.Current;
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

    /// <summary>Gets whether the namespace can be given by its display name, which takes one request to look up.</summary>
    private protected virtual bool FindsNamespace => true;

    private AcmClient FindNamespace(AcmClient client)
    {
        // The default namespace has no display name.
        if (client.Namespace.Length == 0) return client;

        AcmClient found = Await(FindNamespaceAsync(client));
        if (ChangesServers && found.IsNamespaceListed == false && CurrentSession?.IsFirstUnlisted(found) != false)
            WriteWarning($"No namespace has the ID or the name '{found.Namespace}'. The Nacos console does not show configurations of a missing namespace. Check the spelling, or create it with New-AcmNamespace.");
        return found;
    }

    /// <summary>Returns a client for the namespace with the given ID or display name.</summary>
    private async Task<AcmClient> FindNamespaceAsync(AcmClient client)
    {
        try
        {
            return await client.FindNamespaceAsync(Call, isForWrite: ChangesServers, Ending).ConfigureAwait(false);
        }
        catch (AcmException e) when (!ChangesServers && e.Kind is AcmErrorKind.ServerUnavailable or AcmErrorKind.Timeout)
        {
            // The name may be an ID that snapshots and failover files know.
            Call.Log?.Write(AcmLogLevel.Verbose, $"Cannot look up the ID of namespace '{client.Namespace}': {e.Message}");
            return client;
        }
    }

    /// <summary>Gets whether the command writes to servers. Such a command stops if it cannot look up the namespace.</summary>
    private bool ChangesServers => this is not (ExportAcmConfigCommand or ExportAcmEnvironmentCommand)
        && SupportsConfirmation.GetOrAdd(GetType(), static type => Attribute.GetCustomAttribute(type, typeof(CmdletAttribute)) is CmdletAttribute { SupportsShouldProcess: true });

    private void Use(AcmSession session)
    {
        if (session.TakeTraceFault() is { } fault) WriteWarning(fault);

        Client = WorkingNamespace is null ? session.Client : Checked(session.Client, WorkingNamespace);
        session.RememberNamespace(Client.Namespace);
    }

    // An ObjectDisposedException while the session is connected is a bug and must not be reported as a closed session.
    private protected override bool IsSessionClosed => CurrentSession is { IsConnected: false };

    // The engine does not know which command closed the connection.
    private protected override AcmException Explain(AcmException error) =>
        error.Kind == AcmErrorKind.NotConnected && CurrentSession is { IsConnected: false } ? AcmErrors.SessionEnded(error) : error;

    /// <summary>Returns a client for another namespace, or throws a terminating error if its name is invalid.</summary>
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
