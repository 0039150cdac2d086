using System.Text.RegularExpressions;

namespace AcmPowerShell;

/// <summary>Secrets within a value or a line whose own name says nothing: a URI's password, pairs of a connection string or query, an Authorization header, a private key in PEM.</summary>
internal static class ValueSecrets
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;

    // Up to the last @ before the path: a password may hold one.
    private static readonly Regex UserInfo = new(@"[a-z0-9+.\-]{1,20}://[^\s:/?#@""'<>]{0,256}:(?<secret>[^\s/""'<>]+)@", Options);

    // A token in the place of a user name; a plain name is shorter.
    private static readonly Regex UserToken = new(@"[a-z0-9+.\-]{1,20}://(?<secret>[\w\-.~%]{20,})@", Options);

    private static readonly Regex Scheme = new(@"\b(?:Bearer|Basic)\s+(?<secret>[a-z0-9+/=._~\-]{16,})", Options);

    private static readonly Regex Pair = new(@"(?<![\w.\-\\])(?<quote>[""']?)(?<name>[\w.\-\\]{1,128})\k<quote>\s*(?:=>|:=|=|:(?!//))\s*(?<value>""(?:[^""\\\r\n]|\\.)*""?|'[^'\r\n]*'?|[^\s&;,""'<>{}\[\]()]+)", Options);

    private static readonly Regex Pem = new(@"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(?<secret>[\s\S]*?)(?:-----END|$(?!\n))", RegexOptions.CultureInvariant);

    /// <summary>How far before a name the tag may begin that it is an attribute of.</summary>
    private const int LongestTag = 4096;

    /// <param name="text">The text.</param>
    /// <param name="start">Where to begin.</param>
    /// <param name="end">Where to end.</param>
    /// <param name="names">Which names are secret.</param>
    /// <param name="spans">Takes what is found.</param>
    /// <param name="judged">Names that begin before this place were judged by who knows what stands above them.</param>
    internal static void Find(string text, int start, int end, SecretNames names, List<TextSpan> spans, int judged = 0)
    {
        // Most values are short and hold nothing of the kind.
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

        // <add key="ApiToken" value="..."/>: the key is a name there.
        static bool IsAttribute(string part, int index) => index > 0 && part.LastIndexOf('<', index - 1, Math.Min(index, LongestTag)) > part.LastIndexOf('>', index - 1, Math.Min(index, LongestTag));

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
