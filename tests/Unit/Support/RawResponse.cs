using System.Text;

namespace Acm.Tests.Support;

/// <summary>An HTTP answer as it came over the socket.</summary>
internal sealed record RawResponse(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>The body byte by byte.</summary>
    public string Text => Encoding.Latin1.GetString(Body);

    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
