using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AcmPowerShell;

/// <summary>The default folders for snapshots and failover files, below the user's local data folder.</summary>
internal static class LocalFolders
{
    /// <summary>Prefix that separates the folders of a Nacos server from those of ACM on the same endpoint.</summary>
    internal const string NacosPrefix = "nacos:";

    private const string Scheme = "http://";
    private const int MaxNameLength = 80;
    private const int HashBytes = 8;

    /// <summary>Gets the module's folder, or null for a user without a home folder.</summary>
    internal static string? Base
    {
        get
        {
            string data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            return data.Length == 0 ? null : Path.Combine(data, "Acm");
        }
    }

    /// <summary>Returns the folder for an endpoint, or null for a user without a home folder.</summary>
    internal static string? Of(string endpoint, string purpose) =>
        Base is { } folder ? Path.Combine(folder, "endpoints", FolderName(endpoint), purpose) : null;

    /// <summary>
    /// Returns a folder name that is unique to the endpoint on every file system: in lower case, with a colon as <c>_</c> and characters other than letters, digits,
    /// dots and hyphens as <c>%XX</c>. It always contains a <c>_</c>, so that it is never a reserved name on Windows.
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
        if (name.Length <= MaxNameLength) return name.ToString();

        string hash = Hash(text);
        return name.ToString(0, MaxNameLength - hash.Length - 1) + "-" + hash;
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
