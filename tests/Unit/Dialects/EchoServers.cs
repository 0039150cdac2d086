using System.Collections.Concurrent;
using Acm.Client;
using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Protocol;

namespace Acm.Tests.Dialects;

/// <summary>Servers that share a dictionary in this process, without HTTP.</summary>
internal sealed class EchoServers : IServerLinks
{
    /// <summary>Gets the stored configurations by namespace and key.</summary>
    public ConcurrentDictionary<(string Namespace, ConfigKey Key), ServerValue> Stored { get; } = new();

    /// <summary>Gets the server and kind of all requests, in order.</summary>
    public ConcurrentQueue<(string Server, CallKind Kind)> Asked { get; } = new();

    /// <summary>Gets or sets the function that returns the error for a server and a request; null for success.</summary>
    public Func<string, CallKind, AcmException?>? BeforeAnswer { get; set; }

    /// <summary>Gets or sets the function that loses a response after the server handled the request.</summary>
    public Func<string, CallKind, AcmException?>? AfterAnswer { get; set; }

    /// <summary>Gets or sets the authentication error; null for none.</summary>
    public AcmException? ProofError { get; set; }

    public ValueTask<RequestProof?> GetProofAsync(CancellationToken cancellationToken) => ProofError is null ? default : new(Task.FromException<RequestProof?>(ProofError));

    public IServerLink Open(ServerAddress server, RequestProof? proof, CallLog log) => new EchoLink(server, log, isAnonymous: false, this);

    public IServerLink OpenAnonymous(ServerAddress server, CallLog log) => new EchoLink(server, log, isAnonymous: true, this);

    public string? ProxyFor(ServerAddress server) => null;

    public void Dispose()
    {
    }

    internal sealed class EchoLink(ServerAddress server, CallLog log, bool isAnonymous, EchoServers servers) : IServerLink
    {
        public ServerAddress Server => server;

        public CallLog Log => log;

        public bool IsAnonymous => isAnonymous;

        public DateTimeOffset? ServerTime => null;

        public T Ask<T>(CallKind kind, Func<EchoServers, T> answer)
        {
            servers.Asked.Enqueue((server.Text, kind));
            if (servers.BeforeAnswer?.Invoke(server.Text, kind) is { } error) throw error;

            T result = answer(servers);
            return servers.AfterAnswer?.Invoke(server.Text, kind) is { } lost ? throw lost : result;
        }
    }
}
