using System.Text.Json;
using Acm.Client.Http;

namespace Acm.Client.Protocol.Nacos.Push;

/// <summary>Sends requests over gRPC as the user of the connection over HTTP. A token or a temporary key that is refused is renewed once, as over HTTP.</summary>
/// <param name="http">The way to the same server over HTTP, which has the login.</param>
/// <param name="server">The gRPC port.</param>
/// <param name="channel">Sends the requests.</param>
/// <param name="state">Knows why the connection is lost.</param>
/// <param name="appName">The name that this application gives itself.</param>
/// <param name="clock">Source of time.</param>
internal sealed class NacosPushUser(NacosLink http, ServerAddress server, NacosPushChannel channel, NacosPushState state, string appName, TimeProvider clock)
{
    /// <summary>Sends a request. Many may be under way at once.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="body">Its body.</param>
    /// <param name="signed">What a signature covers.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException">The connection is lost, or the login was refused.</exception>
    public async Task<NacosPushAnswer> SendAsync(string type, byte[] body, WireRequest signed, TimeSpan limit, CancellationToken cancellationToken)
    {
        state.ThrowIfLost();
        RequestProof? proof = await ProveAsync(token => http.ProofAsync(token).AsTask(), cancellationToken).ConfigureAwait(false);
        NacosPushAnswer answer = await SendAsync(proof).ConfigureAwait(false);
        if (answer.Code != NacosPushErrors.Denied || proof is null) return answer;

        WireResponse refused = answer.AsOverHttp(server.Text);
        if (await ProveAsync(token => http.RenewAsync(refused, token).AsTask(), cancellationToken).ConfigureAwait(false) is not { } renewed) return answer;

        answer = await SendAsync(renewed).ConfigureAwait(false);
        if (answer.Code == NacosPushErrors.Denied) http.Session.NoteVainRenewal(http.Server);
        return answer;

        async Task<NacosPushAnswer> SendAsync(RequestProof? proof)
        {
            var request = new NacosPayload(type, body) { Headers = Headers(proof, signed) };
            (JsonElement json, long code) = await NacosPushErrors.WithinAsync(clock, server, limit, token => channel.AskAsync(request, token), cancellationToken).ConfigureAwait(false);
            return new NacosPushAnswer(json, code, proof);
        }
    }

    /// <summary>Asks over HTTP for what proves who asks. A server that is silent there is not waited for, nor is one whose connection is lost.</summary>
    private async Task<RequestProof?> ProveAsync(Func<CancellationToken, Task<RequestProof?>> ask, CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, channel.Ending);
        try
        {
            return await NacosPushErrors.WithinAsync(clock, http.Server, NacosPushLink.CallTimeout, ask, either.Token, isOverHttp: true).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (channel.Ending.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw state.Ended(server, e);
        }
    }

    private List<KeyValuePair<string, string>> Headers(RequestProof? proof, WireRequest signed)
    {
        List<KeyValuePair<string, string>> headers = [new("Client-AppName", appName), new("exConfigInfo", "true"), new("charset", "UTF-8")];
        if (proof is NacosToken token) headers.Add(new("accessToken", token.Value));
        else if (proof is not null) headers.AddRange(NacosPushProof.Headers(proof, signed));
        return headers;
    }
}
