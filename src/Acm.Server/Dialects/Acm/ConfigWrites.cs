using System.Security.Cryptography;
using Acm.Server.Http;
using Acm.Server.Limits;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Acm;

/// <summary>Publishes and removes configurations.</summary>
internal sealed class ConfigWrites(WriteQueue queue, RateLimit limit, int maxContentBytes)
{
    public const int DefaultMaxContentBytes = 102_400;
    private const int MaxDataKeyLength = 8192;

    /// <summary>Returns the maximum size of a form: the percent-encoded content, and room for the other fields.</summary>
    public static long MaxFormBytes(int maxContentBytes) => (3L * maxContentBytes) + (64 * 1024);

    public Answer TooLarge { get; } = Answer.BadRequest($"content too large, limit {maxContentBytes} bytes");

    public async Task<Answer> PublishAsync(AcmCall call, string? accessKey)
    {
        ConfigKey key = call.Key(defaultGroup: false);
        string charset = DeclaresUtf8(call) ? Charsets.Utf8 : Charsets.Gbk;
        ReadOnlyMemory<byte> content = call.Form.Bytes("content") ?? default;
        string? appName = call.Form.Text("appName");
        string dataKey = call.Form.TextOrBlank("encryptedDataKey");
        if (Refusal(call, key) is { } refused) return refused;
        if (content.Length > maxContentBytes) return TooLarge;
        if (Charsets.IsBlank(content.Span, charset)) return Answer.BadRequest("invalid content");
        if (charset == Charsets.Utf8 && !System.Text.Unicode.Utf8.IsValid(content.Span)) return Answer.BadRequest("invalid content: not UTF-8");
        if (appName is not null && (appName.Length > NameRules.MaxAppNameLength || appName.Any(char.IsControl))) return Answer.BadRequest("invalid appName");
        if (dataKey.Length > MaxDataKeyLength || dataKey.Any(c => c is < '!' or > '~')) return Answer.BadRequest("invalid encryptedDataKey");

        string expectedMd5 = call.Form.TextOrBlank("md5");
        byte[] bytes = content.ToArray();
        var change = new Change
        {
            Key = key,
            Content = bytes,
            Md5 = Convert.ToHexStringLower(MD5.HashData(bytes)),
            Charset = charset,
            Metadata = old => old with { AppName = appName ?? old.AppName, EncryptedDataKey = dataKey.Length > 0 ? dataKey : null },
            ExpectedMd5 = expectedMd5.Length > 0 ? expectedMd5 : null,
            ExpectedCharset = AcmView.Charset,

            // An extension of this server: the original server ignores the field and the blank MD5.
            CreateOnly = expectedMd5.Length == 0 && call.Form.Text("md5") is not null && call.Form.Text("createOnly") == "true",
            AccessKey = accessKey,
            ClientAddress = call.ClientAddress.ToString(),
        };
        return await SubmitAsync(call, change).ConfigureAwait(false);
    }

    public async Task<Answer> RemoveAsync(AcmCall call, string? accessKey)
    {
        ConfigKey key = call.Key(defaultGroup: false);
        if (Refusal(call, key) is { } refused) return refused;

        // An extension of this server: the original server ignores the field.
        string expectedMd5 = call.Form.TextOrBlank("md5");
        var change = new Change { Key = key, ExpectedMd5 = expectedMd5.Length > 0 ? expectedMd5 : null, AccessKey = accessKey, ClientAddress = call.ClientAddress.ToString() };
        return await SubmitAsync(call, change).ConfigureAwait(false);
    }

    private static bool DeclaresUtf8(AcmCall call) =>
        call.Request.ContentType?.Replace("\"", "", StringComparison.Ordinal).Contains("charset=utf-8", StringComparison.OrdinalIgnoreCase) == true;

    private Answer? Refusal(AcmCall call, ConfigKey key)
    {
        if (NameRules.Refusal(key) is { } reason) return Answer.BadRequest(reason);

        // Ignoring either would change the value for all clients instead of a few.
        if (!string.IsNullOrEmpty(call.Headers["betaIps"])) return Answer.Text(403, "beta publish is not supported\n");
        if (call.Form.TextOrBlank("tag").Length > 0) return Answer.Text(403, "tags are not supported\n");

        return limit.Allows(call.ClientAddress, key) ? null : Answer.Throttled;
    }

    private async Task<Answer> SubmitAsync(AcmCall call, Change change)
    {
        try
        {
            return await queue.SubmitAsync(change, call.ClientGone).ConfigureAwait(false) == ChangeOutcome.Done ? Answer.Ok : Answer.Conflict;
        }
        catch (StorageException e)
        {
            // The queue has logged the failure, once for all changes in the transaction.
            return Answer.StorageFailing(e.Message);
        }
    }
}
