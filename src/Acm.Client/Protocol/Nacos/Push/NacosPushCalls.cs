using Acm.Client.Calls;
using Acm.Client.Http;

namespace Acm.Client.Protocol.Nacos.Push;

/// <summary>Publishes and removes over gRPC. One connection to each server is kept and used by all calls.</summary>
internal sealed class NacosPushCalls(NacosPushLinks links) : INacosCalls
{
    /// <summary>A cluster without a leader answers a write after 5 s.</summary>
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _connecting = new(1);
    private readonly object _gate = new();
    private Dictionary<string, NacosPushLink>? _connections;
    private bool _isDisposed;

    public Task<WireResponse> PublishAsync(NacosLink link, string @namespace, PublishRequest request, string? casMd5, CancellationToken cancellationToken) =>
        SendAsync(link, "ConfigPublishRequest", Request(CallKind.Publish, @namespace, request.Key, NacosPushBody.Publish(@namespace, request, casMd5)), cancellationToken);

    public Task<WireResponse> RemoveAsync(NacosLink link, string @namespace, ConfigKey key, CancellationToken cancellationToken) =>
        SendAsync(link, "ConfigRemoveRequest", Request(CallKind.Remove, @namespace, key, NacosPushBody.Remove(@namespace, key)), cancellationToken);

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            if (_connections is null) return;

            foreach (NacosPushLink connection in _connections.Values) connection.Dispose();
            _connections.Clear();
        }
    }

    private static WireRequest Request(CallKind kind, string @namespace, ConfigKey key, byte[] body) => new()
    {
        Kind = kind,
        Method = HttpMethod.Post,
        PathAndQuery = "/Request/request",
        Body = body,
        Subject = key.ToString(),
        Key = key,
        Tenant = @namespace,
        Group = key.Group,
    };

    private async Task<WireResponse> SendAsync(NacosLink link, string type, WireRequest request, CancellationToken cancellationToken)
    {
        for (bool isFirst = true; ; isFirst = false)
        {
            NacosPushLink connection = await ConnectAsync(link, cancellationToken).ConfigureAwait(false);
            NacosPushAnswer answer = await SendAsync(connection, type, request, cancellationToken).ConfigureAwait(false);
            if (link.Log.IsEnabled(AcmLogLevel.Verbose)) link.Log.Write(AcmLogLevel.Verbose, $"{connection.Server} answered {request.Kind} {request.Subject} over gRPC with code {answer.Code}.");
            if (answer.Code != NacosPushErrors.Unregistered || !isFirst) return answer.AsOverHttp(connection.Server);

            // Nothing was done on a connection that the server does not know, so that it is safe to send the request again.
            connection.Dispose();
        }
    }

    private static async Task<NacosPushAnswer> SendAsync(NacosPushLink connection, string type, WireRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.SendAsync(type, request, WriteTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException e) when (e.Option == nameof(AcmClientOptions.GrpcPort))
        {
            throw new AcmException(e.Kind, e.Message, e) { Key = request.Key, Advice = e.Advice, Option = e.Option, OutcomeUnknown = true };
        }
    }

    private async Task<NacosPushLink> ConnectAsync(NacosLink link, CancellationToken cancellationToken)
    {
        await _connecting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (Find(link.Server) is { } open) return open;

            NacosPushLink connection = await links.ConnectAsync(link.Server, @namespace: "", link.Log, cancellationToken).ConfigureAwait(false);
            Keep(link.Server, connection);
            return connection;
        }
        finally
        {
            _connecting.Release();
        }
    }

    private NacosPushLink? Find(ServerAddress server)
    {
        lock (_gate) return _connections is not null && _connections.TryGetValue(server.Text, out NacosPushLink? connection) && !connection.IsLost ? connection : null;
    }

    private void Keep(ServerAddress server, NacosPushLink connection)
    {
        lock (_gate)
        {
            if (!_isDisposed)
            {
                _connections ??= new Dictionary<string, NacosPushLink>(StringComparer.Ordinal);
                _connections[server.Text] = connection;
                return;
            }
        }

        connection.Dispose();
        throw new ObjectDisposedException(nameof(NacosPushCalls));
    }
}
