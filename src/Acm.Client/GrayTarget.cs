using System.Net;

namespace Acm.Client;

/// <summary>Which clients get a gray version of a configuration in place of its formal content. Immutable.</summary>
public sealed class GrayTarget
{
    private const int LongestTag = 16;

    private GrayTarget(IReadOnlyList<string> addresses, string? tag)
    {
        Addresses = addresses;
        Tag = tag;
    }

    /// <summary>The beta version, whatever addresses get it: to read and to remove it.</summary>
    public static GrayTarget Beta { get; } = new([], tag: null);

    /// <summary>IP addresses of the clients that get the beta version; none for a tag.</summary>
    public IReadOnlyList<string> Addresses { get; }

    /// <summary>The tag that clients ask with; null for the beta version.</summary>
    public string? Tag { get; }

    /// <summary>The beta version, for clients with these addresses. Servers check nothing of them, so that it is done here.</summary>
    /// <param name="addresses">IP addresses, at least one.</param>
    /// <exception cref="ArgumentException">There is none, or one is not a valid IP address.</exception>
    public static GrayTarget BetaOf(IReadOnlyList<string> addresses)
    {
        if (addresses is null) throw new ArgumentNullException(nameof(addresses));
        if (addresses.Count == 0) throw new ArgumentException("A beta version needs the IP address of a client.", nameof(addresses));
        foreach (string address in addresses)
            if (!IsAddress(address)) throw new ArgumentException($"'{address}' is not a valid IP address.", nameof(addresses));
        return new GrayTarget([.. addresses], tag: null);
    }

    /// <summary>Servers compare texts: "10.1.2" and "0x0a.1.2.3" parse as addresses, and no client has one that is written so.</summary>
    private static bool IsAddress(string text) => IPAddress.TryParse(text, out IPAddress? address) && (text.IndexOf(':') >= 0 || address.ToString() == text);

    /// <summary>The version of a tag.</summary>
    /// <param name="tag">The tag: up to 16 letters, digits and the characters <c>_ - . :</c>.</param>
    /// <exception cref="ArgumentException">It is not a valid tag.</exception>
    public static GrayTarget OfTag(string tag) =>
        !string.IsNullOrEmpty(tag) && tag.Length <= LongestTag && tag.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.' or ':')
            ? new GrayTarget([], tag)
            : throw new ArgumentException($"'{tag}' is not a valid tag: up to {LongestTag} letters, digits and the characters _ - . : are expected.", nameof(tag));

    /// <summary>The version as a sentence names it.</summary>
    public override string ToString() => Tag is null ? "the beta version" : $"the version of tag '{Tag}'";
}
