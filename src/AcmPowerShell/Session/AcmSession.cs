using System.Collections.Concurrent;
using System.Globalization;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>
/// A connection, as Connect-Acm makes it. Thread-safe: <c>-Session $using:session</c> shares it with other runspaces. Shows no secret.
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

    /// <summary>Name of the profile that it was made from; null for none.</summary>
    public string? Profile { get; internal init; }

    /// <summary>The address server, or with <see cref="Direct"/> the servers.</summary>
    public string Endpoint => Client.Options.Endpoint;

    /// <summary>The namespace that is read and written; empty for the blank one.</summary>
    public string Namespace => Client.Namespace;

    /// <summary>The access key id in use, shortened; null where requests are not signed, or none were yet.</summary>
    public string? AccessKey => UserName is null && Client.Options.CredentialSource?.Current is { } credential ? Shorten(credential.AccessKey) : null;

    /// <summary>The user who logs in to Nacos; null for none.</summary>
    public string? UserName => !Client.Options.UsesAccessKeys && ServerType != ServerType.Acm ? Client.Options.CredentialSource?.Current?.AccessKey : null;

    /// <summary>Where the credentials come from; null where requests are not signed.</summary>
    public string? CredentialSource => Client.Options.CredentialSource?.Name;

    /// <summary>When the credentials in use end; before that they are renewed. Null for lasting ones, and where none were asked for yet.</summary>
    public DateTimeOffset? CredentialExpires => Client.Options.CredentialSource?.Expires;

    /// <summary>Whether <c>cipher-</c> configurations are encrypted and decrypted.</summary>
    public bool UseKms => Client.Options.Kms is not null;

    /// <summary>Region of KMS; null where it is named by its endpoint, or there is none.</summary>
    public string? KmsRegionId => Client.Options.Kms?.RegionId;

    /// <summary>Key that encrypts; null without KMS.</summary>
    public string? KmsKeyId => Client.Options.Kms?.KeyId;

    /// <summary>KMS that is asked instead of the region's public endpoint; null for that one.</summary>
    public string? KmsEndpoint => Client.Options.Kms?.Endpoint;

    /// <summary>The access key id that KMS is asked with, shortened; null where it is the connection's.</summary>
    public string? KmsAccessKey => Client.Options.Kms?.Credential is { } credential ? Shorten(credential.AccessKey) : null;

    /// <summary>The server in use as <c>host:port</c>; null before the address server was asked.</summary>
    public string? Server => IsConnected && Client.KnownServers is [string first, ..] ? first : null;

    /// <summary>The dialect spoken; <c>Auto</c> while no server was asked which one it is.</summary>
    public string Protocol => Client.Capabilities.Protocol;

    /// <summary>The kind of server: what Connect-Acm was told, or what was found; <c>Auto</c> while no server was asked.</summary>
    public ServerType ServerType => (ServerType)(Client.ServerType ?? AcmServerType.Auto);

    /// <summary>The version of Nacos that a server told; null while none was asked, and for ACM.</summary>
    public string? ServerVersion => Client.Capabilities.ServerVersion;

    /// <summary>The generation of Nacos, whose servers take the same calls: 1, 2, 3, or 3.2 for those from 3.2 on; null while no server was asked, and for ACM.</summary>
    public string? Generation => Client.Capabilities.Generation;

    /// <summary>
    /// What the servers were found to be capable of: <c>BatchGet</c> reads several configurations in one request, <c>LongPoll</c> tells changes at once, <c>ConditionalPublish</c> compares as it stores,
    /// <c>Metadata</c> stores type, tags and description.
    /// </summary>
    public string[] Capabilities
    {
        get
        {
            AcmCapabilities found = Client.Capabilities;
            (bool? Has, string Name)[] all = [(found.BatchGet, nameof(found.BatchGet)), (found.LongPoll, nameof(found.LongPoll)), (found.ConditionalPublish, nameof(found.ConditionalPublish)), (found.Metadata, nameof(found.Metadata))];
            return [.. all.Where(one => one.Has == true).Select(one => one.Name)];
        }
    }

    /// <summary>Whether <see cref="Endpoint"/> is the servers themselves.</summary>
    public bool Direct => Client.Options.Direct;

    /// <summary>Whether the data servers are spoken to over TLS.</summary>
    public bool Tls => Client.Options.UseTls || Endpoint.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether any TLS certificate is taken.</summary>
    public bool SkipCertificateCheck => Client.Options.SkipCertificateCheck;

    /// <summary>The proxy that requests go through, as scheme, host and port; null for the one that the environment or the system names, and with <see cref="NoProxy"/>.</summary>
    public string? Proxy => Client.Options.Proxy?.Address?.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);

    /// <summary>Whether no proxy is used, whatever the environment says.</summary>
    public bool NoProxy => Client.Options.Proxy is { IsDisabled: true };

    /// <summary>Time limit of a try, in seconds.</summary>
    public double TimeoutSec => Client.Options.TryTimeout.TotalSeconds;

    /// <summary>The unit whose server list is used; null for the default one.</summary>
    public string? UnitName => Client.Options.UnitName;

    /// <summary>The name given to the servers.</summary>
    public string AppName => Client.Options.AppName;

    /// <summary>Folder whose files go before every server; null for none.</summary>
    public string? FailoverPath => Client.Options.FailoverPath;

    /// <summary>Folder with the last known values; null for none.</summary>
    public string? SnapshotPath => Client.Options.NoSnapshot ? null : Client.Options.SnapshotPath;

    /// <summary>File that the lines of every call go to; null for none.</summary>
    public string? TracePath => _trace?.Path;

    /// <summary>False once it was ended by Disconnect-Acm, Remove-Module or the end of its runspace.</summary>
    public bool IsConnected { get; private set; } = true;

    /// <summary>What is known of the connection: <c>NotTried</c>, <c>Ok</c> or <c>Failed</c> with the time of the last attempt, <c>Ended</c>.</summary>
    public string State => !IsConnected ? "Ended"
        : Client.LastContact is not { } contact ? "NotTried"
        : contact.Error is { } error ? $"Failed {Clock(contact.At)} {error}"
        : "Ok " + Clock(contact.At);

    /// <summary>Raised once, before the connection ends.</summary>
    internal event Action? Ending;

    internal AcmClient Client { get; }

    /// <summary>The keys that completion has seen.</summary>
    internal KeyCache Keys { get; } = new(TimeProvider.System);

    /// <summary>The namespaces of the server, for tab completion.</summary>
    internal NamespaceCache ListedNamespaces { get; } = new(TimeProvider.System);

    /// <summary>Its namespace and the ones that commands were given with it.</summary>
    internal IEnumerable<string> Namespaces => _otherNamespaces.Keys.Prepend(Namespace);

    /// <summary>The endpoint, with the namespace where there is one.</summary>
    public override string ToString() => Namespace.Length == 0 ? Endpoint : Endpoint + " (" + Namespace + ")";

    /// <summary>A command was given this namespace: completion offers it from now on.</summary>
    internal void RememberNamespace(string name) => _otherNamespaces[name] = true;

    /// <summary>Returns whether a namespace that its server does not list was not warned of yet.</summary>
    internal bool IsFirstUnlisted(AcmClient client) => _unlistedNamespaces.TryAdd($"{client.Options.Endpoint}\n{client.Namespace}", true);

    /// <summary>Ends the connection. Twice does nothing.</summary>
    internal void End()
    {
        if (!IsConnected) return;

        IsConnected = false;
        Ending?.Invoke();
        Client.Dispose();
        Client.Options.CredentialSource?.Dispose();
        _trace?.Dispose();
    }

    /// <summary>Why tracing ended early, told once; null where it did not.</summary>
    internal string? TakeTraceFault() => _trace?.TakeFault();

    private static string Clock(DateTimeOffset time) => time.ToLocalTime().ToString("HH:mm", CultureInfo.InvariantCulture);

    internal static string Shorten(string accessKey) =>
        accessKey.Length <= 8 ? accessKey[..1] + "***" : accessKey[..4] + "***" + accessKey[^2..];
}
