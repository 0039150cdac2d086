using Acm.Server.Http;
using Acm.Server.Polling;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Acm;

/// <summary>Lists the listeners of a configuration, the start of their listening, and the MD5s of their values: an extension of this server.</summary>
internal sealed class Listeners(ConfigIndex index, ListenerRegistry listeners)
{
    public Answer Of(AcmCall call)
    {
        ConfigKey key = call.Key(defaultGroup: true);
        if (NameRules.Refusal(key) is { } refusal) return Answer.BadRequest(refusal);

        KeySlot? slot = index.FindSlot(key);
        ListeningClient[] current = slot is null ? [] : [.. slot.Watchers().Select(watcher => watcher.Client).OfType<ListeningClient>().Distinct()];
        ReadOnlyMemory<byte> body = Json.Write(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("listeners"u8);
            foreach (ListeningClient client in current) Write(client, listeners.Since(client), new AcmView(index).Md5(slot!), isCurrent: true);
            foreach ((ListeningClient client, DateTimeOffset since, string md5) in listeners.Stale(key))
                if (!current.Contains(client)) Write(client, since, md5, isCurrent: false);
            json.WriteEndArray();
            json.WriteEndObject();

            void Write(ListeningClient client, DateTimeOffset? since, string md5, bool isCurrent)
            {
                json.WriteStartObject();
                json.WriteString("address"u8, client.Address);
                json.WriteString("appName"u8, client.AppName);
                if (since is { } then) json.WriteNumber("since"u8, then.ToUnixTimeMilliseconds());
                json.WriteString("md5"u8, md5);
                json.WriteBoolean("isCurrent"u8, isCurrent);
                json.WriteEndObject();
            }
        });
        return new Answer { ContentType = Json.ContentType, Body = body, NeverCached = true };
    }
}
