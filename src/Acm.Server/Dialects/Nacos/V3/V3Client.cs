using Acm.Server.Http;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos.V3;

/// <summary>The v3 read for clients: selects beta versions by address, without tags.</summary>
internal sealed class V3Client(ConfigOperations operations)
{
    private readonly ClientErrorFormat _errors = new();

    public IEnumerable<Route> Routes() => [new("GET", "/v3/client/cs/config", _errors, call => Task.FromResult(Get(call)))];

    private Answer Get(NacosCall call)
    {
        ConfigKey key = V3Call.Key(call);
        ConfigEntry? entry = operations.Get(key, call.ClientAddress, tag: "", preferredTag: "");
        if (entry is null) return Envelope.Write(200, 20004, "resource not found", static json => json.WriteNullValue());
        if (!V3ErrorFormat.TakesJson(call)) return ErrorPages.Error(call, 406, "No acceptable representation");

        (byte[] content, string md5) = operations.Read(entry);
        ConfigEntry? formal = operations.Store.Index.Find(key);
        return Envelope.Success(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("resultCode"u8, 200);
            json.WriteNumber("errorCode"u8, 0);
            json.WriteNull("message"u8);
            json.WriteNull("requestId"u8);
            json.WriteString("content"u8, content);
            json.WriteString("encryptedDataKey"u8, entry.Rule is null ? entry.Metadata.EncryptedDataKey ?? "" : null);
            json.WriteString("contentType"u8, formal?.Metadata.Type ?? "text");
            json.WriteString("md5"u8, md5);
            json.WriteNumber("lastModified"u8, entry.ModifiedAt.ToUnixTimeMilliseconds());
            json.WriteNull("tag"u8);
            json.WriteBoolean("beta"u8, entry.Rule is not null);
            json.WriteBoolean("success"u8, true);
            json.WriteEndObject();
        });
    }

    /// <summary>Writes errors as plain text, unlike the other v3 calls.</summary>
    private sealed class ClientErrorFormat : IErrorFormat
    {
        private readonly V3ErrorFormat _others = new();

        public Answer Answer(NacosCall call, FaultException fault)
        {
            if (fault.Fault is not (Fault.MissingParameter or Fault.BadValue or Fault.BadTag)) return _others.Answer(call, fault);

            string text = fault.Fault == Fault.MissingParameter ? $"Required parameter '{fault.Message}' type String is not present" : fault.Message;
            return Http.Answer.Text(400, $"caused: {text};", ErrorPages.WantsHtml(call) ? "text/html;charset=UTF-8" : "text/plain;charset=UTF-8");
        }
    }
}
