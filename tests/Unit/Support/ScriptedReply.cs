using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Acm.Tests.Support;

/// <summary>The state of the connection after a reply.</summary>
internal enum ReplyEnd
{
    KeepAlive,
    Close,
    Reset,
    Hang,
}

/// <summary>The bytes of a reply to a request.</summary>
internal sealed record ScriptedReply(IReadOnlyList<ReadOnlyMemory<byte>> Parts, ReplyEnd End)
{
    /// <summary>Gets the task that the server awaits before it replies; null for none.</summary>
    public Task? Gate { get; init; }

    /// <summary>Gets a function that creates the actual reply when it is sent; null to send this one.</summary>
    public Func<ScriptedReply>? Late { get; init; }

    public static readonly ScriptedReply Hang = new([], ReplyEnd.Hang);
    public static readonly ScriptedReply Reset = new([], ReplyEnd.Reset);
    public static readonly ScriptedReply Missing = Text(404, "text/html;charset=GBK", "config data not exist\n");
    public static readonly ScriptedReply Ok = Text(200, "text/html;charset=GBK", "OK\n");

    /// <summary>Returns a response in the format of the ACM server.</summary>
    public static ScriptedReply Content(byte[] content) => Raw(
        200,
        "Content-Type: text/html;charset=GBK\r\nContent-MD5: " + Convert.ToHexStringLower(MD5.HashData(content))
        + "\r\nPragma: no-cache\r\nExpires: Thu, 01 Jan 1970 00:00:00 GMT\r\nCache-Control: no-cache,no-store\r\nLast-Modified: Tue, 14 Nov 2023 22:13:20 GMT",
        content);

    public static ScriptedReply Content(string ascii) => Content(Encoding.ASCII.GetBytes(ascii));

    public static ScriptedReply Text(int status, string contentType, string body) => Raw(status, "Content-Type: " + contentType, Encoding.UTF8.GetBytes(body));

    public static ScriptedReply Status(int status) => Text(status, "text/html", "<html>error</html>");

    public static ScriptedReply Raw(int status, string headers, byte[] body) =>
        new([Encoding.Latin1.GetBytes(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} X\r\n{headers}\r\nContent-Length: {body.Length}\r\n\r\n")), body], ReplyEnd.KeepAlive);

    public static ScriptedReply Bytes(string latin1, ReplyEnd end) => new([Encoding.Latin1.GetBytes(latin1)], end);
}
