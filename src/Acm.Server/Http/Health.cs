using Acm.Server.Polling;
using Acm.Server.Storage;

namespace Acm.Server.Http;

/// <summary>The health check. It is open to everyone, so it only returns counts.</summary>
internal sealed class Health(ConfigIndex index, WriteQueue queue, PollTimer polls)
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
