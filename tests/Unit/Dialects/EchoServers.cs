using System.Collections.Concurrent;
using Acm.Client;
using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Protocol;

namespace Acm.Tests.Dialects;

/// <summary>Servers that are a dictionary in this process: what one is told, all know. No request is ever made of HTTP.</summary>
internal sealed class EchoServers : IServerLinks
{
    /// <summary>What is stored, by namespace and key.</summary>
    public ConcurrentDictionary<(string Namespace, ConfigKey Key), ServerValue> Stored { get; } = new();

    /// <summary>What is asked, by server and kind, in its order.</summary>
    public ConcurrentQueue<(string Server, CallKind Kind)> Asked { get; } = new();

    /// <summary>Has a server fail: is told the server and what it is asked, and says how it fails; null for an answer.</summary>
    public Func<string, CallKind, AcmException?>? BeforeAnswer { get; set; }

    /// <summary>Has an answer be lost after the server has done what it was asked.</summary>
    public Func<string, CallKind, AcmException?>? AfterAnswer { get; set; }

    /// <summary>Why nobody can prove who asks; null where nobody has to.</summary>
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
