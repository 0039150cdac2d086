using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AcmPowerShell;

/// <summary>Where files are kept by default: the user's local data folder.</summary>
internal static class LocalFolders
{
    /// <summary>Before the servers of a Nacos, as no host begins: an ACM of the same name has folders of its own.</summary>
    internal const string NacosPrefix = "nacos:";

    private const string Scheme = "http://";
    private const int LongestName = 80;
    private const int HashBytes = 8;

    /// <summary>The module's folder; null for a user without a home.</summary>
    internal static string? Base
    {
        get
        {
            string data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            return data.Length == 0 ? null : Path.Combine(data, "Acm");
        }
    }

    /// <summary>A folder of an endpoint's own; null for a user without a home.</summary>
    internal static string? Of(string endpoint, string purpose) =>
        Base is { } folder ? Path.Combine(folder, "endpoints", FolderName(endpoint), purpose) : null;

    /// <summary>
    /// A name that no other endpoint has, on any file system: lower case, letters, digits, dot and hyphen as they are, a colon as <c>_</c>,
    /// all else as <c>%XX</c>. A name with a <c>_</c> in it is no reserved one on Windows, so one is added where there is none.
    /// </summary>
    internal static string FolderName(string endpoint)
    {
        string text = endpoint.Trim().TrimEnd('/').ToLowerInvariant();
        int start = text.StartsWith(NacosPrefix, StringComparison.Ordinal) ? NacosPrefix.Length : 0;
        if (string.CompareOrdinal(text, start, Scheme, 0, Scheme.Length) == 0) text = text.Remove(start, Scheme.Length);

        var name = new StringBuilder();
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            char c = (char)b;
            if (c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' || (c == '.' && name.Length > 0)) name.Append(c);
            else if (c == ':') name.Append('_');
            else name.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }

        if (name.ToString().IndexOf('_') < 0) name.Append('_');
        if (name.Length <= LongestName) return name.ToString();

        string hash = Hash(text);
        return name.ToString(0, LongestName - hash.Length - 1) + "-" + hash;
    }

    private static string Hash(string text)
    {
#if NET
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)), 0, HashBytes);
#else
        using var sha = SHA256.Create();
        return BitConverter.ToString(sha.ComputeHash(Encoding.UTF8.GetBytes(text)), 0, HashBytes).Replace("-", "");
#endif
    }
}
