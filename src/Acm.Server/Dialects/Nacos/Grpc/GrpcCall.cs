using System.Net;
using System.Text.Json;
using Acm.Server.Auth;

namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>A gRPC request, parsed for the handlers.</summary>
/// <param name="connection">The connection that received the request.</param>
/// <param name="headers">The headers in the request's metadata.</param>
/// <param name="body">The JSON object of the request.</param>
/// <param name="context">The HTTP/2 call that carries the request.</param>
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

    /// <summary>Ends the call without a response.</summary>
    public void Abort() => context.Abort();

    /// <summary>Disposes of an object once the response is sent.</summary>
    public void HoldUntilSent(IDisposable held) => context.Response.RegisterForDispose(held);

    /// <summary>Gets a member of the body as text; null if the member is absent or null.</summary>
    /// <exception cref="GrpcFault">The member is an object or an array.</exception>
    public string? this[string name] => Text(body, name);

    /// <exception cref="FaultException">The member is absent.</exception>
    public string Required(string name) => this[name] ?? throw FaultException.Missing(name);

    // Credentials are in the headers; members of the body are not parameters.
    public string TextOrBlank(string name) => "";

    /// <summary>Returns a member of an object as text; null if the member is absent or null.</summary>
    /// <exception cref="GrpcFault">The member is an object or an array.</exception>
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

    /// <summary>Returns the text of a JSON string.</summary>
    /// <exception cref="GrpcFault">The value is not a valid string.</exception>
    public static string Text(JsonElement value) => TextOrNull(value) ?? throw GrpcFault.Unreadable();

    /// <summary>Returns the text of a JSON string; null for other values, and for a string with an unpaired surrogate, which is valid JSON but not valid UTF-16.</summary>
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

    /// <summary>Returns the items of an array member; empty if the member is absent or null.</summary>
    /// <exception cref="GrpcFault">The member has another type.</exception>
    public IEnumerable<JsonElement> List(string name)
    {
        if (!body.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null) return [];
        return value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw GrpcFault.Unreadable();
    }

    /// <summary>Returns a Boolean member.</summary>
    /// <param name="name">The name of the member.</param>
    /// <param name="absent">The value if the member is absent or null.</param>
    /// <exception cref="GrpcFault">The member has another type.</exception>
    public bool Switch(string name, bool absent)
    {
        if (!body.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null) return absent;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw GrpcFault.Unreadable();
    }
}
