using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Links;

namespace Acm.Client.Protocol.Nacos;

/// <summary>The way to one Nacos server: with the token of the session's login, and a new one where that is refused.</summary>
internal sealed class NacosLink : IServerLink
{
    private readonly HttpLinks _links;
    private readonly HttpLink _anonymous;
    private readonly bool _logsIn;
    private StoredRead? _stored;

    /// <param name="links">Whose connections are used.</param>
    /// <param name="session">What is known of the servers.</param>
    /// <param name="server">Where it leads.</param>
    /// <param name="log">Where its lines go.</param>
    /// <param name="logsIn">Whether requests carry the token of a login.</param>
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

    /// <summary>Whether servers were restarted.</summary>
    public NacosRestarts Restarts => Session.Restarts;

    public CallLog Log { get; }

    public bool IsAnonymous => !_logsIn;

    /// <summary>What clients may do over gRPC alone; null where that is not to be had.</summary>
    public INacosCalls? Calls { get; init; }

    /// <summary>Notes what a read of what is stored found on this try; null where the user may not see it.</summary>
    public void NoteStored(string @namespace, ConfigKey key, ServerRead? read) => _stored = new StoredRead(@namespace, key, read);

    /// <summary>Takes what was noted of a key a moment ago, so that a publish whose condition was just compared does not read it again.</summary>
    public bool TryTakeStored(string @namespace, ConfigKey key, out ServerRead? read)
    {
        StoredRead? noted = Interlocked.Exchange(ref _stored, null);
        read = noted?.Read;
        return noted is not null && noted.Namespace == @namespace && noted.Key.Equals(key);
    }

    /// <summary>What the server is.</summary>
    public ValueTask<NacosServer> FindServerAsync(CancellationToken cancellationToken) => Session.ServerAsync(_anonymous, cancellationToken);

    /// <summary>What proves a request that travels over another transport; null where nobody proves anything.</summary>
    /// <exception cref="AcmException">The server could not be reached or is not trusted, or the login was refused.</exception>
    public async ValueTask<RequestProof?> ProofAsync(CancellationToken cancellationToken)
    {
        if (!_logsIn) return null;

        NacosServer server = await FindServerAsync(cancellationToken).ConfigureAwait(false);
        return await Session.ProofAsync(_anonymous, server, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What to send instead of a token that a server refused; null where another would be refused as well.</summary>
    public async ValueTask<RequestProof?> RenewAsync(NacosToken refused, CancellationToken cancellationToken)
    {
        NacosServer server = await FindServerAsync(cancellationToken).ConfigureAwait(false);
        return await Session.RenewAsync(_anonymous, server, refused, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a request to which it makes no difference who asks.</summary>
    public Task<WireResponse> SendAnonymousAsync(WireRequest request, CancellationToken cancellationToken) => _anonymous.SendAsync(request, cancellationToken);

    /// <exception cref="AcmException">The server could not be reached or is not trusted, or the login was refused.</exception>
    public async Task<WireResponse> SendAsync(WireRequest request, CancellationToken cancellationToken)
    {
        NacosServer server = await FindServerAsync(cancellationToken).ConfigureAwait(false);
        RequestProof? proof = _logsIn ? await Session.ProofAsync(_anonymous, server, cancellationToken).ConfigureAwait(false) : null;
        WireResponse answer = await SendAsync(request, proof, cancellationToken).ConfigureAwait(false);

        // Nothing was done for a request that was denied, so it is safe to send it again, once.
        RequestProof? renewed = await Session.RenewAsync(_anonymous, server, answer, cancellationToken).ConfigureAwait(false);
        if (renewed is null) return answer;

        answer = await SendAsync(request, renewed, cancellationToken).ConfigureAwait(false);
        if (answer.Status is 401 or 403) Session.NoteVainRenewal(Server);
        return answer;
    }

    /// <summary>Sends a request that this user may not be allowed to make, which is no reason to log in again.</summary>
    /// <exception cref="AcmException">The server could not be reached or is not trusted, or the login was refused.</exception>
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
