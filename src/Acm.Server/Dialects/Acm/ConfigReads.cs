using Acm.Server.Http;
using Acm.Server.Limits;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Acm;

/// <summary>Reads a configuration: returns exactly the published bytes.</summary>
internal sealed class ConfigReads(ConfigIndex index, RateLimit limit)
{
    public Answer Get(AcmCall call)
    {
        ConfigKey key = call.Key(defaultGroup: true);
        if (string.IsNullOrWhiteSpace(key.DataId)) return Answer.BadRequest("bad request, param is invalid");
        if (NameRules.Refusal(key) is { } refusal) return Answer.BadRequest(refusal);
        if (!limit.Allows(call.ClientAddress, key)) return Answer.Throttled;
        if (index.Find(key) is not { } entry) return Answer.NotFound;

        // Text published through another dialect is sent in GBK.
        string charset = AcmView.Charset(entry);
        if (index.Read(entry, charset) is not var (content, md5)) return Answer.Text(500, "the content has characters that GBK cannot hold\n");

        return new Answer
        {
            ContentType = charset == Charsets.Utf8 ? Answer.Utf8Html : Answer.GbkHtml,
            Body = content,
            ContentMd5 = md5,
            LastModified = entry.LastModified,
            EncryptedDataKey = entry.Metadata.EncryptedDataKey,
            NeverCached = true,
        };
    }
}
