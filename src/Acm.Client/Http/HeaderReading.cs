using System.Net.Http.Headers;

namespace Acm.Client.Http;

/// <summary>
/// Reads headers without validation: in this protocol <c>Content-MD5</c> is hexadecimal, which the framework's parser rejects as invalid Base64.
/// </summary>
internal static class HeaderReading
{
    public static string? NonValidated(this HttpHeaders headers, string name)
    {
#if NET
        if (!headers.NonValidated.TryGetValues(name, out HeaderStringValues values)) return null;
        foreach (string value in values) return value;
        return null;
#else
        return headers.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;
#endif
    }
}
