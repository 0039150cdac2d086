using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Links;

namespace Acm.Client.Protocol.Nacos;

/// <summary>A link to one Nacos server, with the token of the session's login, which is renewed if the server rejects it.</summary>
internal sealed class NacosLink : IServerLink
{
    private readonly HttpLinks _links;
    private readonly HttpLink _anonymous;
    private readonly bool _logsIn;
    private StoredRead? _stored;

    /// <param name="links">The owner of the connections.</param>
    /// <param name="session">The state of the session.</param>
    /// <param name="server">The server.</param>
    /// <param name="log">The log of the call.</param>
    /// <param name="logsIn">Whether requests carry credentials.</param>
    public NacosLink(HttpLinks links, NacosSession session, ServerAddress server, CallLog log, bool logsIn)
    {
        _links = links;
        Session = session;
        Server = server;
        Log = log;
        _logsIn = logsIn;
        _anonymous = Via(proof: null);
    }

    public ServerAddress Server { get; }

    public DateTimeOffset? ServerTime { get; private set; }

    public NacosSession Session { get; }

    /// <summary>Gets the tracker of server restarts.</summary>
    public NacosRestarts Restarts => Session.Restarts;

    public CallLog Log { get; }

    public bool IsAnonymous => !_logsIn;

    /// <summary>Gets the gRPC calls; null if gRPC is not available.</summary>
    public INacosCalls? Calls { get; init; }

    /// <summary>Records the stored value that was read during this try; null without permission.</summary>
    public void NoteStored(string @namespace, ConfigKey key, ServerRead? read) => _stored = new StoredRead(@namespace, key, read);

    /// <summary>Takes the recorded value of a key, so that a publish after comparing its precondition does not read it again.</summary>
    public bool TryTakeStored(string @namespace, ConfigKey key, out ServerRead? read)
    {
        StoredRead? noted = Interlocked.Exchange(ref _stored, null);
        read = noted?.Read;
        return noted is not null && noted.Namespace == @namespace && noted.Key.Equals(key);
    }

    /// <summary>Returns what is known about the server, and detects it if needed.</summary>
    public ValueTask<NacosServer> FindServerAsync(CancellationToken cancellationToken) => Session.ServerAsync(_anonymous, cancellationToken);

    /// <summary>Returns the credentials for a request over another transport; null for anonymous access.</summary>
    /// <exception cref="AcmException">The server is unreachable or untrusted, or rejected the login.</exception>
    public async ValueTask<RequestProof?> ProofAsync(CancellationToken cancellationToken)
    {
        if (!_logsIn) return null;

        NacosServer server = await FindServerAsync(cancellationToken).ConfigureAwait(false);
        return await Session.ProofAsync(_anonymous, server, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Returns the proof to send instead of the one that an answer over another transport rejects; null if another would be rejected as well.</summary>
    public async ValueTask<RequestProof?> RenewAsync(WireResponse answer, CancellationToken cancellationToken)
    {
        NacosServer server = await FindServerAsync(cancellationToken).ConfigureAwait(false);
        return await Session.RenewAsync(_anonymous, server, answer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a request without credentials.</summary>
    public Task<WireResponse> SendAnonymousAsync(WireRequest request, CancellationToken cancellationToken) => _anonymous.SendAsync(request, cancellationToken);

    /// <exception cref="AcmException">The server is unreachable or untrusted, or rejected the login.</exception>
    public async Task<WireResponse> SendAsync(WireRequest request, CancellationToken cancellationToken)
    {
        NacosServer server = await FindServerAsync(cancellationToken).ConfigureAwait(false);
        RequestProof? proof = _logsIn ? await Session.ProofAsync(_anonymous, server, cancellationToken).ConfigureAwait(false) : null;
        WireResponse answer = await SendAsync(request, proof, cancellationToken).ConfigureAwait(false);

        // A denied request had no effect, so it is safe to send it again.
        RequestProof? renewed = await Session.RenewAsync(_anonymous, server, answer, cancellationToken).ConfigureAwait(false);
        if (renewed is null) return answer;

        answer = await SendAsync(request, renewed, cancellationToken).ConfigureAwait(false);
        if (answer.Status is 401 or 403) Session.NoteVainRenewal(Server);
        return answer;
    }

    /// <summary>Sends a request that the user may lack permission for, without renewing the login.</summary>
    /// <exception cref="AcmException">The server is unreachable or untrusted, or rejected the login.</exception>
    public async Task<WireResponse> SendOnceAsync(WireRequest request, CancellationToken cancellationToken)
    {
        NacosServer server = await FindServerAsync(cancellationToken).ConfigureAwait(false);
        return await SendAsync(request, _logsIn ? await Session.ProofAsync(_anonymous, server, cancellationToken).ConfigureAwait(false) : null, cancellationToken).ConfigureAwait(false);
    }

    private async Task<WireResponse> SendAsync(WireRequest request, RequestProof? proof, CancellationToken cancellationToken)
    {
        WireResponse answer = await Via(proof).SendAsync(request, cancellationToken).ConfigureAwait(false);
        ServerTime = answer.Date ?? ServerTime;
        if (answer.Status >= 500 && NacosAnswer.Of(answer).IsStarting) Restarts.Note();
        return answer;
    }

    private HttpLink Via(RequestProof? proof) => new(_links, Server, Log, _links.Headers, proof);

    private sealed record StoredRead(string Namespace, ConfigKey Key, ServerRead? Read);
}
