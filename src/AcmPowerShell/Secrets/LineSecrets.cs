using System.Text.RegularExpressions;

namespace AcmPowerShell;

/// <summary>
/// Finds secret values in line-based text: properties, .env, ini, YAML, TOML, XML and plain text. It handles indentation, sections, multiline values and elements. If a line of another
/// format contains a secret name, the rest of the line is secret.
/// </summary>
internal sealed class LineSecrets
{
    private static readonly Regex Section = new(@"^\s*(?>\[+)(?<name>(?>[^\]]+))(?>\]+)\s*$", RegexOptions.CultureInvariant);
    private static readonly Regex Pair = new(@"^(?<indent>\s*(?:-\s+)*)(?:(?:export|set|setx|env)\s+|\$env:)?(?<quote>[""']?)(?<name>[\w.\-\[\]\\/$]+)\k<quote>\s*(?<sign>:=|=>|[:=])(?<blank>\s*)(?<value>.*)$", RegexOptions.CultureInvariant);
    private static readonly Regex Block = new(@"^(?:[|>][+\-0-9]*|[&!]\S+|[{\[])?\s*(?:#.*)?$", RegexOptions.CultureInvariant);
    private static readonly Regex Element = new(@"<(?<name>[\w.\-:]+)(?:\s[^<>]*)?(?<!/)>(?<value>[^<]*)(?<end></)?", RegexOptions.CultureInvariant);

    // Bounded quantifiers, because a line with many labels and no value would take quadratic time.
    private static readonly Regex Labelled = new(@"\b(?:name|key|id)\s{0,16}=\s{0,16}[""'](?<name>[^""'<>]{1,256})[""'][^<>]{0,512}?(?:\bvalue\s*=\s*[""'](?<value>[^""'<>]*)|>(?<value>[^<]*)</)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, TimeSpan.FromSeconds(2));

    private readonly string _text;
    private readonly SecretNames _names;
    private readonly List<TextSpan> _spans;
    private readonly Stack<(int Indent, string Name, bool IsSecret)> _parents = new();
    private string _section = "";
    private string? _until;
    private bool _isContinued;
    private int _labelledColumn = -1;

    internal LineSecrets(string text, SecretNames names, List<TextSpan> spans)
    {
        _text = text;
        _names = names;
        _spans = spans;
    }

    internal void Find()
    {
        for (int start = 0; start < _text.Length;)
        {
            int next = _text.IndexOf('\n', start);
            int end = next < 0 ? _text.Length : next;
            int stop = end > start && _text[end - 1] == '\r' ? end - 1 : end;
            Read(start, stop);
            start = end + 1;
        }
    }

    private void Read(int start, int end)
    {
        if (_until is not null)
        {
            int close = _text.IndexOf(_until, start, end - start, StringComparison.Ordinal);
            Add(start, close < 0 ? end : close);
            if (close >= 0) _until = null;
            return;
        }

        if (_isContinued)
        {
            Add(start, end);
            _isContinued = EndsInBackslash(start, end);
            return;
        }

        string line = _text[start..end];
        if (string.IsNullOrWhiteSpace(line)) return;

        int before = _spans.Count;
        int pem = line.IndexOf("PRIVATE KEY-----", StringComparison.Ordinal);
        if (pem >= 0 && line.IndexOf("-----BEGIN ", StringComparison.Ordinal) is >= 0 and int begin && begin < pem)
        {
            ReadPem(start, end, start + pem + "PRIVATE KEY-----".Length);
            return;
        }

        if (Section.Match(line) is { Success: true } section)
        {
            _section = section.Groups["name"].Value.Trim();
            _parents.Clear();
            return;
        }

        int judged = start;
        if (Pair.Match(line) is { Success: true } pair)
        {
            ReadPair(pair, start, end);
            judged = start + pair.Groups["value"].Index;
        }
        else
        {
            ReadOther(line, start, end);
        }

        if (_spans.Count > before) return;

        ValueSecrets.Find(_text, start, end, _names, _spans, judged);
        ReadElements(line, start, end);
        if (_spans.Count > before || _text[start..end].TrimStart().StartsWith("</", StringComparison.Ordinal)) return;

        int word = SecretText.EndOfSecretWord(_text, judged, end, _names);
        while (word >= 0 && word < end && _text[word] is ' ' or '\t' or ':' or '=' or '"' or '\'' or '>') word++;
        if (word >= 0 && _until is null && !(word < end && _text[word] is '{' or '|')) Add(word, end);
    }

    private void ReadPair(Match pair, int start, int end)
    {
        Group value = pair.Groups["value"];
        string name = SecretText.Unescape(pair.Groups["name"].Value);
        int indent = Indent(pair.Groups["indent"].Value);
        int column = pair.Groups["indent"].Length;
        bool isYaml = pair.Groups["sign"].Value == ":";
        bool isSecret = Leave(indent, pair.Groups["indent"].Value.Contains('-')) || IsSecret(name) || (column == _labelledColumn && name.EndsWith("value", StringComparison.OrdinalIgnoreCase));
        if (column < _labelledColumn) _labelledColumn = -1;
        string text = value.Value.Trim();
        if (name.ToUpperInvariant() is "NAME" or "KEY" or "ID" or "VARIABLE")
        {
            if (_names.Matches(text.Trim('"', '\'', ','))) _labelledColumn = column;
            else if (column == _labelledColumn) _labelledColumn = -1;
        }

        if (isYaml) _parents.Push((column, name, isSecret));

        // A # directly after the sign does not start a comment.
        bool isBlock = Block.IsMatch(text) && !(text.Length > 0 && text[0] == '#' && pair.Groups["blank"].Length == 0);
        if (!isSecret || isBlock) return;

        int from = start + value.Index;
        string quote = text.StartsWith("\"\"\"", StringComparison.Ordinal) || text.StartsWith("'''", StringComparison.Ordinal) ? text[..3] : text[0] is '"' or '\'' ? text[..1] : "";
        if (quote.Length == 0)
        {
            Add(from, end);
            _isContinued = EndsInBackslash(start, end);
            return;
        }

        from += quote.Length;
        int close = Closing(quote, from, end);
        Add(from, close < 0 ? end : close);
        if (close < 0) _until = quote;
        else ValueSecrets.Find(_text, Math.Min(end, close + quote.Length), end, _names, _spans);
    }

    // A list item, or a continuation line, below a secret name.
    private void ReadOther(string line, int start, int end)
    {
        string trimmed = line.TrimStart();
        int indent = Indent(line[..(line.Length - trimmed.Length)]);
        if (!Leave(indent, trimmed.StartsWith("-", StringComparison.Ordinal)) || trimmed[0] is '}' or ']' or '#') return;

        int from = start + line.Length - trimmed.Length;
        while (from < end && _text[from] is '-' or ' ' or '"' or '\'') from++;
        Add(from, end);
    }

    private void ReadElements(string line, int start, int end)
    {
        try
        {
            foreach (Match match in Labelled.Matches(line).Cast<Match>())
                if (_names.Matches(match.Groups["name"].Value.Split('.'))) AddGroup(match.Groups["value"], start);
        }
        catch (RegexMatchTimeoutException)
        {
            // A line that takes too long to analyze is treated as secret.
            Add(start, end);
            return;
        }

        foreach (Match match in Element.Matches(line).Cast<Match>())
        {
            if (!_names.Matches(match.Groups["name"].Value.Split(':', '.'))) continue;

            AddGroup(match.Groups["value"], start);
            if (!match.Groups["end"].Success && match.Index + match.Length == line.Length) _until = "</";
        }
    }

    private void ReadPem(int start, int end, int from)
    {
        int close = _text.IndexOf("-----END", from, end - from, StringComparison.Ordinal);
        Add(from, close < 0 ? end : close);
        if (close < 0) _until = "-----END";
    }

    /// <summary>Removes parents that do not contain the line. Returns whether a remaining parent is secret.</summary>
    private bool Leave(int indent, bool isItem)
    {
        // A list item can have the same indentation as its parent.
        while (_parents.Count > 0 && (_parents.Peek().Indent > indent || (_parents.Peek().Indent == indent && !isItem))) _parents.Pop();
        return _parents.Any(parent => parent.IsSecret);
    }

    private bool IsSecret(string name)
    {
        List<string> path = [.. name.Split('.')];
        foreach ((_, string parent, _) in _parents) path.Insert(0, parent);
        if (_section.Length > 0) path.Insert(0, _section);
        return _names.Matches(path);
    }

    private int Closing(string quote, int from, int end)
    {
        for (int i = from; i + quote.Length <= end; i++)
        {
            if (quote[0] == '"' && _text[i] == '\\') i++;
            else if (string.CompareOrdinal(_text, i, quote, 0, quote.Length) == 0) return i;
        }

        return -1;
    }

    private bool EndsInBackslash(int start, int end)
    {
        int count = 0;
        while (end - count > start && _text[end - 1 - count] == '\\') count++;
        return count % 2 == 1;
    }

    private static int Indent(string blank) => blank.Length - blank.TrimStart(' ', '\t').Length;

    private void AddGroup(Group group, int start) => Add(start + group.Index, start + group.Index + group.Length);

    private void Add(int start, int end)
    {
        while (start < end && char.IsWhiteSpace(_text[start])) start++;
        while (end > start && char.IsWhiteSpace(_text[end - 1])) end--;
        if (end > start) _spans.Add(new TextSpan(start, end));
    }
}
