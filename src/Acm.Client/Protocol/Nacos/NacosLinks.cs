using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Links;

namespace Acm.Client.Protocol.Nacos;

/// <summary>Opens links to the Nacos servers of one connection, which share a login.</summary>
internal sealed class NacosLinks : IServerLinks, IServerKnowledge
{
    private readonly HttpLinks _links;
    private readonly NacosSession _session;

    /// <param name="http">Sends the requests; disposed with this object.</param>
    /// <param name="options">The options with application name and authentication.</param>
    /// <param name="credentials">User name and password, or access keys; null for neither.</param>
    /// <param name="clock">Source of time.</param>
    public NacosLinks(HttpExchange http, AcmClientOptions options, AcmCredentialSource? credentials, TimeProvider clock)
    {
        _links = new HttpLinks(
            http,
            [new("Client-Version", "Acm-Client:v1.0"), new("Client-AppName", options.AppName), new("exConfigInfo", "true")],
            name => IsSecret(name) || name.Equals(options.Identity?.Key, StringComparison.OrdinalIgnoreCase),
            authenticator: null,
            clock);
        _session = new NacosSession(credentials, Signer(options, credentials, clock), clock);
    }

    /// <summary>Gets or sets the gRPC calls; null if this target framework does not support gRPC.</summary>
    public INacosCalls? Calls { get; set; }

    public ServerKnowledge? Known => _session.Known is { } server ? new ServerKnowledge(server.Version, server.GenerationName, server.ComparesMd5) : null;

    /// <summary>Returns whether a server is Nacos. The result is cached.</summary>
    /// <exception cref="AcmException">The server did not answer, or its type cannot be determined.</exception>
    public async ValueTask<bool> IsNacosAsync(ServerAddress server, CallLog log, CancellationToken cancellationToken)
    {
        var anonymous = new HttpLink(_links, server, log, _links.Headers, proof: null);
        return await _session.TryServerAsync(anonymous, cancellationToken).ConfigureAwait(false) is not null;
    }

    // The login is a request to the selected server, so the link handles it.
    public ValueTask<RequestProof?> GetProofAsync(CancellationToken cancellationToken) => default;

    public IServerLink Open(ServerAddress server, RequestProof? proof, CallLog log) => new NacosLink(_links, _session, server, log, logsIn: true) { Calls = Calls };

    public IServerLink OpenAnonymous(ServerAddress server, CallLog log) => new NacosLink(_links, _session, server, log, logsIn: false);

    public string? ProxyFor(ServerAddress server) => _links.ProxyFor(server);

    public void Dispose()
    {
        Calls?.Dispose();
        _links.Dispose();
        _session.Dispose();
    }

    private static bool IsSecret(string name) =>
        name.Equals("accessToken", StringComparison.OrdinalIgnoreCase) || name.Equals("Encrypted-Data-Key", StringComparison.OrdinalIgnoreCase) || name.StartsWith("Spas-", StringComparison.OrdinalIgnoreCase);

    private static IRequestAuthenticator? Signer(AcmClientOptions options, AcmCredentialSource? credentials, TimeProvider clock) => options switch
    {
        { Identity: { } identity } => new IdentityAuthenticator(identity),
        { UsesAccessKeys: true } when credentials is not null => new SpasAuthenticator(credentials, clock, options.SignatureRegion),
        _ => null,
    };
}
