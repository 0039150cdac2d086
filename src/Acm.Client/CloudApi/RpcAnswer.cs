using System.Text.Json;
using Acm.Client.Http;
using Acm.Client.Text;

namespace Acm.Client.CloudApi;

/// <summary>The JSON response of an RPC service. Its bytes may contain secrets and are cleared on disposal.</summary>
internal sealed class RpcAnswer : IDisposable
{
    private readonly RpcService _service;
    private readonly string _action;
    private readonly byte[] _body;
    private readonly JsonDocument _document;

    private RpcAnswer(RpcService service, string action, WireResponse response, JsonDocument document)
    {
        _service = service;
        _action = action;
        _body = response.Body;
        _document = document;
        Date = response.Date;
    }

    /// <summary>Gets the service's time; null if the response has none.</summary>
    public DateTimeOffset? Date { get; }

    /// <summary>Gets the JSON object.</summary>
    public JsonElement Root => _document.RootElement;

    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidResponse"/>: the response is not a JSON object.</exception>
    public static RpcAnswer Read(RpcService service, string action, WireResponse response)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(response.Body);
        }
        catch (JsonException)
        {
            // The inner exception is dropped: its message may quote part of the response, which may contain a secret.
            Array.Clear(response.Body, 0, response.Body.Length);
            throw Garbled(service, action, "is not JSON");
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object) return new RpcAnswer(service, action, response, document);

        document.Dispose();
        throw Garbled(service, action, "is not a JSON object");
    }

    /// <summary>Returns a mandatory text member.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidResponse"/>: it is missing or not text.</exception>
    public string Required(string name) => Text(Root, name) ?? throw Lacks(name);

    /// <summary>Returns a mandatory text member in UTF-8, so that a secret can be cleared, unlike in a string.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidResponse"/>: it is missing or not text.</exception>
    public byte[] RequiredUtf8(string name)
    {
        var reader = new Utf8JsonReader(_body);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1 || !reader.ValueTextEquals(name)) continue;

                reader.Read();
                if (reader.TokenType != JsonTokenType.String) break;

                byte[] buffer = new byte[reader.ValueSpan.Length];
                int length = reader.CopyString(buffer);
                if (length == buffer.Length) return buffer;

                byte[] text = buffer.AsSpan(0, length).ToArray();
                Array.Clear(buffer, 0, buffer.Length);
                return text;
            }
        }
        catch (InvalidOperationException)
        {
            // An escape for half of a surrogate pair is valid JSON, but not valid text.
            throw Lacks(name);
        }

        throw Lacks(name);
    }

    /// <summary>Returns a text member of an object; null if it is absent or of another type.</summary>
    public static string? Text(JsonElement json, string name) => JsonText.Text(json, name);

    public AcmException Lacks(string name) => Garbled(_service, _action, $"lacks {name}, or has it in an unexpected form");

    public void Dispose()
    {
        _document.Dispose();
        Array.Clear(_body, 0, _body.Length);
    }

    private static AcmException Garbled(RpcService service, string action, string problem) =>
        new(AcmErrorKind.InvalidResponse, $"The response of {service.Name} at {service.Address} to {action} {problem}.") { IsFinal = true };
}
