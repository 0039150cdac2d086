using System.Text.RegularExpressions;

namespace AcmPowerShell;

/// <summary>Finds secrets within a value or line: passwords in URIs, pairs in connection strings and queries, Authorization headers, and PEM private keys.</summary>
internal static class ValueSecrets
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;

    // Up to the last @ before the path, because a password can contain one.
    private static readonly Regex UserInfo = new(@"[a-z0-9+.\-]{1,20}://[^\s:/?#@""'<>]{0,256}:(?<secret>[^\s/""'<>]+)@", Options);

    // A token in place of a user name. User names are shorter.
    private static readonly Regex UserToken = new(@"[a-z0-9+.\-]{1,20}://(?<secret>[\w\-.~%]{20,})@", Options);

    private static readonly Regex Scheme = new(@"\b(?:Bearer|Basic)\s+(?<secret>[a-z0-9+/=._~\-]{16,})", Options);

    private static readonly Regex Pair = new(@"(?<![\w.\-\\])(?<quote>[""']?)(?<name>[\w.\-\\]{1,128})\k<quote>\s*(?:=>|:=|=|:(?!//))\s*(?<value>""(?:[^""\\\r\n]|\\.)*""?|'[^'\r\n]*'?|[^\s&;,""'<>{}\[\]()]+)", Options);

    private static readonly Regex Pem = new(@"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(?<secret>[\s\S]*?)(?:-----END|$(?!\n))", RegexOptions.CultureInvariant);

    /// <summary>Maximum distance between the start of a tag and its attribute.</summary>
    private const int MaxTagLength = 4096;

    /// <param name="text">The text.</param>
    /// <param name="start">The start of the range to search.</param>
    /// <param name="end">The end of the range.</param>
    /// <param name="names">The secret names.</param>
    /// <param name="spans">Receives the positions.</param>
    /// <param name="judged">Names before this position are skipped, because the caller checked them in their context.</param>
    internal static void Find(string text, int start, int end, SecretNames names, List<TextSpan> spans, int judged = 0)
    {
        // Most values contain none of these characters.
        string part = start == 0 && end == text.Length ? text : text[start..end];
        if (part.IndexOfAny([':', '=', ' ']) < 0) return;

        Add(UserInfo);
        Add(UserToken);
        Add(Scheme);
        Add(Pem);
        foreach (Match match in Pair.Matches(part).Cast<Match>())
        {
            if (start + match.Index < judged) continue;

            Group value = match.Groups["value"];
            string name = SecretText.Unescape(match.Groups["name"].Value);
            if (!names.Matches(name.Split('.')) || (string.Equals(name, "key", StringComparison.OrdinalIgnoreCase) && IsAttribute(part, match.Index))) continue;

            (int from, int length) = (value.Index, value.Length);
            if (value.Value[0] is '"' or '\'') (from, length) = (from + 1, length - (length > 1 && value.Value[^1] == value.Value[0] ? 2 : 1));
            if (length > 0) spans.Add(new TextSpan(start + from, start + from + length));
        }

        // In <add key="ApiToken" value="..."/>, the value of 'key' is a name.
        static bool IsAttribute(string part, int index) => index > 0 && part.LastIndexOf('<', index - 1, Math.Min(index, MaxTagLength)) > part.LastIndexOf('>', index - 1, Math.Min(index, MaxTagLength));

        void Add(Regex regex)
        {
            foreach (Match match in regex.Matches(part).Cast<Match>())
            {
                Group secret = match.Groups["secret"];
                int from = secret.Index;
                int to = secret.Index + secret.Length;
                while (from < to && char.IsWhiteSpace(part[from])) from++;
                while (to > from && char.IsWhiteSpace(part[to - 1])) to--;
                if (to > from) spans.Add(new TextSpan(start + from, start + to));
            }
        }
    }
}
