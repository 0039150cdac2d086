using Acm.Server.Polling;
using Acm.Server.Storage;

namespace Acm.Server.Http;

/// <summary>Whether the server can do its work; open to everyone, so it tells counts only.</summary>
internal sealed class Health(ConfigIndex index, WriteQueue queue, PollClock polls)
{
    public Answer Check()
    {
        bool healthy = !queue.IsFailing;
        return new Answer
        {
            Status = healthy ? 200 : 503,
            ContentType = Json.ContentType,
            NeverCached = true,
            Body = Json.Write(json =>
            {
                json.WriteStartObject();
                json.WriteString("status"u8, healthy ? "ok" : "storage is failing");
                json.WriteString("version"u8, ServerVersion.Text);
                json.WriteNumber("configurations"u8, index.Count);
                json.WriteNumber("hangingPolls"u8, polls.Count);
                json.WriteEndObject();
            }),
        };
    }
}
