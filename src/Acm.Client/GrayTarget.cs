using System.Net;

namespace Acm.Client;

/// <summary>Selects the clients that receive a gray release instead of the formal content. Immutable.</summary>
public sealed class GrayTarget
{
    private const int LongestTag = 16;

    private GrayTarget(IReadOnlyList<string> addresses, string? tag)
    {
        Addresses = addresses;
        Tag = tag;
    }

    /// <summary>Gets the beta release for any addresses, to read or remove it.</summary>
    public static GrayTarget Beta { get; } = new([], tag: null);

    /// <summary>Gets the IP addresses of the clients that receive the beta release; empty for a tag.</summary>
    public IReadOnlyList<string> Addresses { get; }

    /// <summary>Gets the tag that clients send; null for the beta release.</summary>
    public string? Tag { get; }

    /// <summary>Returns the beta release for clients with the given addresses. They are validated here, because servers do not validate them.</summary>
    /// <param name="addresses">IP addresses, at least one.</param>
    /// <exception cref="ArgumentException">The list is empty, or an address is not valid.</exception>
    public static GrayTarget BetaOf(IReadOnlyList<string> addresses)
    {
        if (addresses is null) throw new ArgumentNullException(nameof(addresses));
        if (addresses.Count == 0) throw new ArgumentException("A beta version needs the IP address of a client.", nameof(addresses));
        foreach (string address in addresses)
            if (!IsAddress(address)) throw new ArgumentException($"'{address}' is not a valid IP address.", nameof(addresses));
        return new GrayTarget([.. addresses], tag: null);
    }

    /// <summary>Returns whether a text is an IP address in canonical form: servers compare text, so "10.1.2" or "0x0a.1.2.3" would never match a client.</summary>
    private static bool IsAddress(string text) => IPAddress.TryParse(text, out IPAddress? address) && (text.IndexOf(':') >= 0 || address.ToString() == text);

    /// <summary>Returns the release for a tag.</summary>
    /// <param name="tag">The tag: up to 16 letters, digits and the characters <c>_ - . :</c>.</param>
    /// <exception cref="ArgumentException">The tag is not valid.</exception>
    public static GrayTarget OfTag(string tag) =>
        !string.IsNullOrEmpty(tag) && tag.Length <= LongestTag && tag.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.' or ':')
            ? new GrayTarget([], tag)
            : throw new ArgumentException($"'{tag}' is not a valid tag: up to {LongestTag} letters, digits and the characters _ - . : are expected.", nameof(tag));

    /// <summary>Returns the release as messages name it.</summary>
    public override string ToString() => Tag is null ? "the beta version" : $"the version of tag '{Tag}'";
}
