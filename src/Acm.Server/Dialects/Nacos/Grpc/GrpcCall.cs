using System.Net;
using System.Text.Json;
using Acm.Server.Auth;

namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>One request as the handlers see it.</summary>
/// <param name="connection">Where it came.</param>
/// <param name="headers">Those of its metadata.</param>
/// <param name="body">A JSON object.</param>
/// <param name="context">The call that carries it.</param>
internal sealed class GrpcCall(GrpcConnection connection, IHeaderDictionary headers, JsonElement body, HttpContext context) : ICaller
{
    public GrpcConnection Connection => connection;

    public JsonElement Body => body;

    public IHeaderDictionary Headers => headers;

    public IPAddress Address => connection.RemoteAddress;

    public string ClientAddress => connection.Address;

    public string? User { get; set; }

    public UserEntry? Caller { get; set; }

    public string? AccessKey { get; set; }

    public CancellationToken ClientGone => context.RequestAborted;

    /// <summary>Ends the call without an answer.</summary>
    public void Abort() => context.Abort();

    /// <summary>Keeps something until the answer is sent.</summary>
    public void HoldUntilSent(IDisposable held) => context.Response.RegisterForDispose(held);

    /// <summary>A member of the body; null where it is absent or null.</summary>
    /// <exception cref="GrpcFault">It is no text.</exception>
    public string? this[string name] => Text(body, name);

    /// <exception cref="FaultException">It is not there.</exception>
    public string Required(string name) => this[name] ?? throw FaultException.Missing(name);

    // A user and a password are in the headers; the members of a body are no parameters.
    public string TextOrBlank(string name) => "";

    /// <summary>A member of an object; null where it is absent or null.</summary>
    /// <exception cref="GrpcFault">It is no text.</exception>
    public static string? Text(JsonElement item, string name)
    {
        if (item.ValueKind != JsonValueKind.Object) throw GrpcFault.Unreadable();
        if (!item.TryGetProperty(name, out JsonElement value)) return null;

        return value.ValueKind switch
        {
            JsonValueKind.String => Text(value),
            JsonValueKind.Null => null,
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
            _ => throw GrpcFault.Unreadable(),
        };
    }

    /// <summary>A text.</summary>
    /// <exception cref="GrpcFault">It is none.</exception>
    public static string Text(JsonElement value) => TextOrNull(value) ?? throw GrpcFault.Unreadable();

    /// <summary>A text; null where it is none. An escape may stand for half of a surrogate pair, which is JSON and no text.</summary>
    public static string? TextOrNull(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) return null;

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A member that is a list of objects or texts; empty where it is absent or null.</summary>
    /// <exception cref="GrpcFault">It is something else.</exception>
    public IEnumerable<JsonElement> List(string name)
    {
        if (!body.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null) return [];
        return value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw GrpcFault.Unreadable();
    }

    /// <summary>A member that is true or false.</summary>
    /// <exception cref="GrpcFault">It is something else.</exception>
    public bool Switch(string name, bool absent)
    {
        if (!body.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null) return absent;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw GrpcFault.Unreadable();
    }
}
