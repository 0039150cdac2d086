using System.Buffers;
using System.Text;
using Acm.Server.Storage;

namespace Acm.Server.Polling;

/// <summary>Builds the response with the changed keys: a percent-encoded list and a newline.</summary>
internal static class PollAnswer
{
    private const char WordSeparator = '\u0002';
    private const char LineSeparator = '\u0001';
    private static readonly SearchValues<byte> Unescaped =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-*_"u8);

    public static byte[] Of(params ReadOnlySpan<ConfigKey> keys)
    {
        var text = new StringBuilder();
        foreach (ConfigKey key in keys)
        {
            text.Append(key.DataId).Append(WordSeparator).Append(key.Group);
            if (key.Tenant.Length > 0) text.Append(WordSeparator).Append(key.Tenant);
            text.Append(LineSeparator);
        }

        return Encoding.ASCII.GetBytes(Escape(text.ToString()) + "\n");
    }

    /// <summary>Returns the headers from which clients before 2.0.4 read the changed keys.</summary>
    public static (string Old, string New) Headers(List<ConfigKey> keys) =>
        (string.Concat(keys.Select(key => $"{HeaderText(key.DataId)}:{HeaderText(key.Group)};")), keys.Count == 0 ? "" : Encoding.ASCII.GetString(Of([.. keys])).TrimEnd('\n'));

    // A name may contain characters that are invalid in headers.
    private static string HeaderText(string name) => name.All(c => c is > ' ' and < '\u007f') ? name : Escape(name);

    /// <summary>Percent-encodes a text like <c>java.net.URLEncoder</c>.</summary>
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            if (Unescaped.Contains(b)) escaped.Append((char)b);
            else if (b == ' ') escaped.Append('+');
            else escaped.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return escaped.ToString();
    }
}
