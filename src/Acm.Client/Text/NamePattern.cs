namespace Acm.Client.Text;

/// <summary>Matches names with wildcards: <c>*</c> matches any text, <c>?</c> one character.</summary>
internal static class NamePattern
{
    /// <summary>Returns whether a text contains wildcards.</summary>
    public static bool HasWildcards(string text) => text.IndexOfAny(['*', '?']) >= 0;

    /// <summary>Returns whether a name matches a pattern, case-sensitive.</summary>
    public static bool Matches(string pattern, string name)
    {
        int p = 0;
        int star = -1;
        int resume = 0;
        for (int n = 0; n < name.Length;)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resume = n;
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == name[n]))
            {
                p++;
                n++;
            }
            else if (star >= 0)
            {
                // Backtrack: the last star matches one more character.
                p = star + 1;
                n = ++resume;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*') p++;
        return p == pattern.Length;
    }
}
