using System.Text.Json;

namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>Dispatches requests to the handlers of their types.</summary>
internal sealed class GrpcRequests(Generation generation, LoginGuard guard, GrpcConfigs configs, GrpcListens listens)
{
    // Requests between the servers of a cluster.
    private static readonly string[] OfServers = ["ServerLoaderInfoRequest", "ServerReloadRequest", "ConfigChangeClusterSyncRequest"];

    private readonly Dictionary<string, GrpcHandler> _handlers = new[] { HealthCheck() }
        .Concat(configs.Handlers())
        .Concat(listens.Handlers(generation))
        .ToDictionary(entry => entry.Type, entry => entry.Handler, StringComparer.Ordinal);

    /// <summary>Handles a request and returns the framed response.</summary>
    public async ValueTask<byte[]> AnswerAsync(GrpcConnection connection, Payload request, HttpContext context)
    {
        if (request.Type == "ServerCheckRequest") return ServerCheck(connection);

        // In the order of GrpcRequestAcceptor of Nacos 2.5.1 and 3.0.3: only a request that is carried out is a sign of life.
        if (!_handlers.TryGetValue(request.Type, out GrpcHandler? handler) && !OfServers.Contains(request.Type)) return GrpcAnswer.Failed(type: null, new GrpcFault(GrpcFault.NoHandler, "RequestHandler Not Found"));
        if (!connection.IsRegistered) return GrpcAnswer.Failed(type: null, new GrpcFault(GrpcFault.Unregistered, "Connection is unregistered."));
        if (handler is null) return GrpcAnswer.Failed(type: null, new GrpcFault(GrpcFault.NotUnderstood, $" invoke {request.Type} from sdk is forbidden"));

        using JsonDocument? body = Parse(request.Body);
        if (body?.RootElement.ValueKind != JsonValueKind.Object) return GrpcAnswer.Failed(type: null, GrpcFault.Unreadable());

        connection.RecordActivity();
        var call = new GrpcCall(connection, request.Headers, body.RootElement, context);
        try
        {
            return await RunAsync(handler, call).ConfigureAwait(false);
        }
        catch (FaultException fault)
        {
            return Failed(handler, call, GrpcFault.From(fault));
        }
        catch (GrpcFault fault)
        {
            return Failed(handler, call, fault);
        }
    }

    private static (string Type, GrpcHandler Handler) HealthCheck() =>
        ("HealthCheckRequest", new GrpcHandler("HealthCheckResponse", Access.None, static _ => new(GrpcAnswer.Succeeded("HealthCheckResponse"))) { Namespaces = static _ => [], CheckNames = static _ => { } });

    private static byte[] ServerCheck(GrpcConnection connection) => GrpcAnswer.Succeeded("ServerCheckResponse", json =>
    {
        json.WriteString("connectionId"u8, connection.Id);
        json.WriteBoolean("supportAbilityNegotiation"u8, true);
    });

    private static JsonDocument? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[] Failed(GrpcHandler handler, GrpcCall call, GrpcFault fault) =>
        GrpcAnswer.Failed(handler.AnswerType, fault, handler.MembersOfFailure is { } write ? json => write(call, json) : null);

    private ValueTask<byte[]> RunAsync(GrpcHandler handler, GrpcCall call)
    {
        handler.CheckNames(call);
        string? refusal = guard.Refuse(call, handler.Access, isOfClients: true, check => handler.IsSigned(check, call), () => handler.Namespaces(call));
        return refusal is null ? handler.RunAsync(call) : throw new GrpcFault(GrpcFault.Denied, refusal);
    }
}
