using System.Text;

namespace Acm.Tests.StandIns;

/// <summary>What a stand-in answers.</summary>
internal sealed record StandInReply(int Status, string Body, string ContentType = "application/json;charset=utf-8")
{
    /// <summary>The time that the answer claims it is; null for the true one.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>Where a redirect leads.</summary>
    public string? Location { get; init; }

    /// <summary>Close the connection instead of answering.</summary>
    public bool Drop { get; init; }

    /// <summary>Read the request, and say nothing ever.</summary>
    public bool Hang { get; init; }

    public byte[] ToBytes()
    {
        byte[] body = Encoding.UTF8.GetBytes(Body);
        var head = new StringBuilder($"HTTP/1.1 {Status} Answer\r\nContent-Type: {ContentType}\r\nContent-Length: {body.Length}\r\nDate: {(Date ?? DateTimeOffset.UtcNow):R}\r\n");
        if (Location is not null) head.Append("Location: ").Append(Location).Append("\r\n");
        return [.. Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), .. body];
    }
}
