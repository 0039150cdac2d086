using Acm.Server.Http;
using Acm.Server.Limits;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Acm;

/// <summary>Get: the bytes that were published, nothing added.</summary>
internal sealed class ConfigReads(ConfigIndex index, RateLimit limit)
{
    public Answer Get(Call call)
    {
        ConfigKey key = call.Key(defaultGroup: true);
        if (string.IsNullOrWhiteSpace(key.DataId)) return Answer.BadRequest("bad request, param is invalid");
        if (NameRules.Refusal(key) is { } refusal) return Answer.BadRequest(refusal);
        if (!limit.Allows(call.ClientAddress, key)) return Answer.Throttled;
        if (index.Find(key) is not { } entry) return Answer.NotFound;

        return new Answer
        {
            ContentType = entry.Charset == Charsets.Utf8 ? Answer.Utf8Html : Answer.GbkHtml,
            Body = index.Content(entry),
            ContentMd5 = entry.Md5,
            LastModified = entry.LastModified,
            EncryptedDataKey = entry.EncryptedDataKey,
            NeverCached = true,
        };
    }
}
