using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using Acm.Server.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>The two gRPC methods of Nacos: a unary call for requests, and a stream for pushes. They are plain routes over HTTP/2, because their only message has five fields.</summary>
internal sealed class GrpcEndpoint(GrpcRequests requests, GrpcConnections connections, ILogger log)
{
    private const string RequestPath = "/Request/request";
    private const string StreamPath = "/BiRequestStream/requestBiStream";
    private const string ContentType = "application/grpc";
    private const int PartBytes = 64 * 1024;
    private static readonly TimeSpan SetUpTime = TimeSpan.FromSeconds(20);

    /// <summary>Answers a call.</summary>
    /// <param name="context">The call.</param>
    /// <param name="connection">The connection that received the call.</param>
    /// <param name="pause">The delay before the response.</param>
    public async Task AnswerAsync(HttpContext context, GrpcConnection connection, TimeSpan pause)
    {
        HttpRequest request = context.Request;
        if (!HttpMethods.IsPost(request.Method) || request.ContentType?.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase) != true)
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        context.Response.ContentType = ContentType;
        GrpcStatus status;
        try
        {
            status = request.Path.Value switch
            {
                RequestPath => await AnswerRequestAsync(context, connection, pause).ConfigureAwait(false),
                StreamPath => await RunStreamAsync(context, connection).ConfigureAwait(false),
                var path => GrpcStatus.NoSuchMethod(path ?? ""),
            };
        }
        catch (GrpcStatusException e)
        {
            status = e.Status;
        }
        catch (InvalidDataException)
        {
            status = GrpcStatus.NotProtobuf;
        }
        catch (Exception e) when (e is IOException || context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone.
            return;
        }

        context.Response.AppendTrailer("grpc-status", status.Code.ToString(CultureInfo.InvariantCulture));
        if (status.Message.Length > 0) context.Response.AppendTrailer("grpc-message", status.EncodedMessage);
    }

    private async Task<GrpcStatus> AnswerRequestAsync(HttpContext context, GrpcConnection connection, TimeSpan pause)
    {
        using var body = new RequestBody();
        Payload request = Payload.Parse(await MessageReader.ReadOnlyAsync(context.Request, body).ConfigureAwait(false));
        byte[] answer;
        try
        {
            answer = await requests.AnswerAsync(connection, request, context).ConfigureAwait(false);
        }
        catch (Storage.StorageException e)
        {
            log.LogError("{Type} failed. {Reason}", request.Type, e.Message);
            answer = GrpcAnswer.Failed(type: null, new GrpcFault(GrpcFault.ServerError, e.Message));
        }

        if (pause > TimeSpan.Zero) await Task.Delay(pause, connections.Clock, context.RequestAborted).ConfigureAwait(false);

        // In parts; otherwise Kestrel buffers a second copy of a response that the client does not read.
        for (int sent = 0; sent < answer.Length; sent += PartBytes)
        {
            FlushResult flushed = await context.Response.BodyWriter.WriteAsync(answer.AsMemory(sent, Math.Min(PartBytes, answer.Length - sent)), context.RequestAborted).ConfigureAwait(false);
            if (flushed.IsCompleted) break;
        }

        return GrpcStatus.Ok;
    }

    private async Task<GrpcStatus> RunStreamAsync(HttpContext context, GrpcConnection connection)
    {
        if (connections.HasStopped) return GrpcStatus.Stopping;

        // A silent stream is not a slow body.
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate) rate.MinDataRate = null;
        await context.Response.StartAsync(context.RequestAborted).ConfigureAwait(false);
        var stream = new PushStream();
        using ITimer patience = connections.Clock.CreateTimer(_ => EndUnlessSetUp(connection, stream), null, SetUpTime, Timeout.InfiniteTimeSpan);
        Task sending = stream.SendAsync(connection, context.Response.BodyWriter, context.RequestAborted);
        try
        {
            while (await MessageReader.ReadNextAsync(context.Request.BodyReader, stream.Ending).ConfigureAwait(false) is { } message) Receive(connection, stream, message);
        }
        catch (OperationCanceledException) when (stream.Ending.IsCancellationRequested)
        {
            // The server ended the stream.
            return stream.Status;
        }
        finally
        {
            connection.Detach(stream);
            stream.End(GrpcStatus.Ok);

            // A client that is too slow might never read the rest.
            if (stream.Status == GrpcStatus.TooSlow) context.Abort();
            await sending.ConfigureAwait(false);
        }

        return stream.Status;
    }

    /// <summary>Handles a message of the stream: a set-up or an acknowledgement.</summary>
    internal void Receive(GrpcConnection connection, PushStream stream, byte[] message)
    {
        Payload payload = Payload.Parse(message);
        using JsonDocument? body = Parse(payload.Body);
        if (body?.RootElement.ValueKind != JsonValueKind.Object) return;

        if (payload.Type == "ConnectionSetupRequest")
        {
            // A set-up that comes again is no sign of life (ConnectionManager.register, Nacos 2.5.1).
            if (!connection.PushesTo(stream)) connection.RecordActivity();
            connection.Register(stream);

            // The presence of the table requests an acknowledgement, whatever it contains.
            if (body.RootElement.TryGetProperty("abilityTable", out JsonElement table) && table.ValueKind == JsonValueKind.Object) stream.Enqueue(stream.SetupAck ??= SetupAck());
            if (connections.HasStopped) stream.End(GrpcStatus.Stopping);
        }
        else if (body.RootElement.TryGetProperty("requestId", out JsonElement id) && GrpcCall.TextOrNull(id) is { } requestId)
        {
            connection.RecordActivity();
            connection.Acknowledge(requestId);
        }
    }

    private static void EndUnlessSetUp(GrpcConnection connection, PushStream stream)
    {
        if (!connection.PushesTo(stream)) stream.End(GrpcStatus.Ok);
    }

    private FixedPush SetupAck() => new("SetupAckRequest", wantsAcknowledgement: false, json =>
    {
        json.WriteStartObject("abilityTable"u8);
        json.WriteBoolean("supportPersistentInstanceByGrpc"u8, true);
        if (connections.Generation >= Generation.Three)
        {
            foreach (string ability in (string[])["fuzzyWatch", "lock", "mcp"]) json.WriteBoolean(ability, true);
        }

        json.WriteEndObject();
        json.WriteString("module"u8, "internal"u8);
    });

    private static JsonDocument? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return body.IsEmpty ? null : JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
