using System.Text.Json;
using Acm.Client.Http;
using Acm.Client.Text;

namespace Acm.Client.CloudApi;

/// <summary>The JSON object that an RPC service answered. Its bytes, which may hold secrets, are cleared when it is disposed.</summary>
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

    /// <summary>The time by the service's clock; null where the answer does not tell.</summary>
    public DateTimeOffset? Date { get; }

    /// <summary>The whole object.</summary>
    public JsonElement Root => _document.RootElement;

    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidResponse"/>: the answer is not a JSON object.</exception>
    public static RpcAnswer Read(RpcService service, string action, WireResponse response)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(response.Body);
        }
        catch (JsonException)
        {
            // Without its cause: a parser's message may quote what it stumbled on. Half an answer may hold a whole secret.
            Array.Clear(response.Body, 0, response.Body.Length);
            throw Garbled(service, action, "is not JSON");
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object) return new RpcAnswer(service, action, response, document);

        document.Dispose();
        throw Garbled(service, action, "is not a JSON object");
    }

    /// <summary>A member that the operation always answers with.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidResponse"/>: it is missing, or no text.</exception>
    public string Required(string name) => Text(Root, name) ?? throw Lacks(name);

    /// <summary>A member that the operation always answers with, in UTF-8: a secret that can be cleared, as a string can't.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidResponse"/>: it is missing, or no text.</exception>
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
            // An escape can stand for half of a surrogate pair: that is JSON, but no text.
            throw Lacks(name);
        }

        throw Lacks(name);
    }

    /// <summary>A text member of an object; null where it is absent or of another type.</summary>
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
