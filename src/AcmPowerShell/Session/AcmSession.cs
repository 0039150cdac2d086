using System.Collections.Concurrent;
using System.Globalization;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>
/// A connection that Connect-Acm returns. Thread-safe: share it with other runspaces by <c>-Session $using:session</c>. Its properties contain no secrets.
/// </summary>
public sealed class AcmSession
{
    private readonly ConcurrentDictionary<string, bool> _otherNamespaces = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _unlistedNamespaces = new(StringComparer.Ordinal);
    private readonly TraceFile? _trace;

    internal AcmSession(AcmClient client, TraceFile? trace)
    {
        Client = client;
        _trace = trace;
    }

    /// <summary>Gets the name of its profile, or null.</summary>
    public string? Profile { get; internal init; }

    /// <summary>Gets the address server, or the data servers if <see cref="Direct"/> is true.</summary>
    public string Endpoint => Client.Options.Endpoint;

    /// <summary>Gets the ID of the namespace. Empty for the default namespace.</summary>
    public string Namespace => Client.Namespace;

    /// <summary>Gets the access key ID in use, shortened. Null if no request was signed yet.</summary>
    public string? AccessKey => UserName is null && Client.Options.CredentialSource?.Current is { } credential ? Shorten(credential.AccessKey) : null;

    /// <summary>Gets the user name for the Nacos login, or null.</summary>
    public string? UserName => !Client.Options.UsesAccessKeys && ServerType != ServerType.Acm ? Client.Options.CredentialSource?.Current?.AccessKey : null;

    /// <summary>Gets the source of the credentials. Null if requests are not signed.</summary>
    public string? CredentialSource => Client.Options.CredentialSource?.Name;

    /// <summary>Gets when the current credentials expire. They are refreshed before that. Null for permanent credentials and before the first request.</summary>
    public DateTimeOffset? CredentialExpires => Client.Options.CredentialSource?.Expires;

    /// <summary>Gets whether <c>cipher-</c> configurations are encrypted and decrypted with KMS.</summary>
    public bool UseKms => Client.Options.Kms is not null;

    /// <summary>Gets the KMS region. Null without KMS, or if only its endpoint is specified.</summary>
    public string? KmsRegionId => Client.Options.Kms?.RegionId;

    /// <summary>Gets the KMS encryption key. Null without KMS.</summary>
    public string? KmsKeyId => Client.Options.Kms?.KeyId;

    /// <summary>Gets the KMS endpoint. Null for the public endpoint of the region.</summary>
    public string? KmsEndpoint => Client.Options.Kms?.Endpoint;

    /// <summary>Gets the access key ID for KMS, shortened. Null if KMS uses the connection's credentials.</summary>
    public string? KmsAccessKey => Client.Options.Kms?.Credential is { } credential ? Shorten(credential.AccessKey) : null;

    /// <summary>Gets the server in use, as <c>host:port</c>. Null before the server list is known.</summary>
    public string? Server => IsConnected && Client.KnownServers is [string first, ..] ? first : null;

    /// <summary>Gets the protocol. <c>Auto</c> until it is detected.</summary>
    public string Protocol => Client.Capabilities.Protocol;

    /// <summary>Gets the kind of server, as specified or detected. <c>Auto</c> until it is detected.</summary>
    public ServerType ServerType => (ServerType)(Client.ServerType ?? AcmServerType.Auto);

    /// <summary>Gets the Nacos version that a server reported. Null for ACM and before the first request.</summary>
    public string? ServerVersion => Client.Capabilities.ServerVersion;

    /// <summary>Gets the generation of the Nacos API: 1, 2, 3, or 3.2 for 3.2 and later. Null for ACM and before the first request.</summary>
    public string? Generation => Client.Capabilities.Generation;

    /// <summary>
    /// Gets the detected capabilities of the servers: <c>BatchGet</c> reads several configurations in one request, <c>LongPoll</c> reports changes immediately, <c>ConditionalPublish</c> supports compare-and-swap,
    /// <c>Metadata</c> stores type, tags and description.
    /// </summary>
    public string[] Capabilities
    {
        get
        {
            AcmCapabilities found = Client.Capabilities;
            (bool? IsSupported, string Name)[] all = [(found.BatchGet, nameof(found.BatchGet)), (found.LongPoll, nameof(found.LongPoll)), (found.ConditionalPublish, nameof(found.ConditionalPublish)), (found.Metadata, nameof(found.Metadata))];
            return [.. all.Where(capability => capability.IsSupported == true).Select(capability => capability.Name)];
        }
    }

    /// <summary>Gets whether <see cref="Endpoint"/> names the data servers, not an address server.</summary>
    public bool Direct => Client.Options.Direct;

    /// <summary>Gets whether connections to the data servers use TLS.</summary>
    public bool Tls => Client.Options.UseTls || Endpoint.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Gets whether certificate validation is disabled.</summary>
    public bool SkipCertificateCheck => Client.Options.SkipCertificateCheck;

    /// <summary>Gets the proxy, as scheme, host and port. Null for the proxy of the environment or the system, and with <see cref="NoProxy"/>.</summary>
    public string? Proxy => Client.Options.Proxy?.Address?.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);

    /// <summary>Gets whether proxies are disabled.</summary>
    public bool NoProxy => Client.Options.Proxy is { IsDisabled: true };

    /// <summary>Gets the time limit for each attempt, in seconds.</summary>
    public double TimeoutSec => Client.Options.TryTimeout.TotalSeconds;

    /// <summary>Gets the unit whose server list is used. Null for the default unit.</summary>
    public string? UnitName => Client.Options.UnitName;

    /// <summary>Gets the application name that is sent to the servers.</summary>
    public string AppName => Client.Options.AppName;

    /// <summary>Gets the failover folder, or null.</summary>
    public string? FailoverPath => Client.Options.FailoverPath;

    /// <summary>Gets the snapshot folder, or null.</summary>
    public string? SnapshotPath => Client.Options.NoSnapshot ? null : Client.Options.SnapshotPath;

    /// <summary>Gets the trace file, or null.</summary>
    public string? TracePath => _trace?.Path;

    /// <summary>Gets whether the connection is open. False after Disconnect-Acm, Remove-Module or the end of its runspace.</summary>
    public bool IsConnected { get; private set; } = true;

    /// <summary>Gets the state of the connection: <c>NotTried</c>, <c>Ok</c> or <c>Failed</c> with the time of the latest attempt, or <c>Ended</c>.</summary>
    public string State => !IsConnected ? "Ended"
        : Client.LastContact is not { } contact ? "NotTried"
        : contact.Error is { } error ? $"Failed {Clock(contact.At)} {error}"
        : "Ok " + Clock(contact.At);

    /// <summary>Raised once, before the connection is closed.</summary>
    internal event Action? Ending;

    internal AcmClient Client { get; }

    /// <summary>Gets the cached keys for tab completion.</summary>
    internal KeyCache Keys { get; } = new(TimeProvider.System);

    /// <summary>Gets the cached namespaces of the server for tab completion.</summary>
    internal NamespaceCache ListedNamespaces { get; } = new(TimeProvider.System);

    /// <summary>Gets its namespace and those that commands used with this session.</summary>
    internal IEnumerable<string> Namespaces => _otherNamespaces.Keys.Prepend(Namespace);

    /// <summary>Returns the endpoint, with the namespace if it is not the default one.</summary>
    public override string ToString() => Namespace.Length == 0 ? Endpoint : Endpoint + " (" + Namespace + ")";

    /// <summary>Adds a namespace to those that tab completion offers.</summary>
    internal void RememberNamespace(string name) => _otherNamespaces[name] = true;

    /// <summary>Returns true for the first call with a namespace that the server does not list, so that the user is warned once.</summary>
    internal bool IsFirstUnlisted(AcmClient client) => _unlistedNamespaces.TryAdd($"{client.Options.Endpoint}\n{client.Namespace}", true);

    /// <summary>Closes the connection. Does nothing if it is closed.</summary>
    internal void End()
    {
        if (!IsConnected) return;

        IsConnected = false;
        Ending?.Invoke();
        Client.Dispose();
        Client.Options.CredentialSource?.Dispose();
        _trace?.Dispose();
    }

    /// <summary>Returns the error that turned off tracing, once, or null.</summary>
    internal string? TakeTraceFault() => _trace?.TakeFault();

    private static string Clock(DateTimeOffset time) => time.ToLocalTime().ToString("HH:mm", CultureInfo.InvariantCulture);

    internal static string Shorten(string accessKey) =>
        accessKey.Length <= 8 ? accessKey[..1] + "***" : accessKey[..4] + "***" + accessKey[^2..];
}
