using System.Text.RegularExpressions;
using Acm.Conformance.Comparing;
using Acm.Conformance.Json;
using Acm.Conformance.Recordings;

namespace Acm.Conformance.Replaying;

/// <summary>Maps recorded tokens and identifiers to the actual ones, which it learns from the responses.</summary>
internal sealed partial class Translation
{
    // The number of characters that the recorder removes to invalidate a token.
    private const int SpoiledCharacters = 3;

    private readonly ValueComparison _values = new();
    private readonly RowComparison _rows;
    private readonly Dictionary<string, string> _tokens = new(StringComparer.Ordinal);
    private string? _firstToken;

    public Translation() => _rows = new RowComparison(_values);

    /// <summary>Learns from a response, and replaces its tokens with the recorded ones.</summary>
    public void Learn(Row real, Row ours)
    {
        if (TokenOf(real) is { } name && TokenOf(ours) is { } token)
        {
            _tokens[name] = token;
            _firstToken ??= token;
        }

        if (ours.Response?.Text("body") is { } body)
        {
            foreach ((string known, string value) in _tokens) body = body.Replace(value, known, StringComparison.Ordinal);
            ours.Response["body"] = body;
        }

        _values.Step = real.Step;
        _rows.Compare(real, ours);
    }

    /// <summary>Returns a recorded text with the actual tokens and identifiers.</summary>
    public string ToOurs(string text)
    {
        text = Patterns.Token.Replace(text, match => _tokens.GetValueOrDefault(match.Value) ?? (_firstToken is { } first ? first[..^SpoiledCharacters] : match.Value));
        text = Patterns.Uuid.Replace(text, match => _values.OursFor("UUID", match.Value) ?? match.Value);
        text = HistoryNumber().Replace(text, match => _values.OursFor("history", match.Value) ?? match.Value);
        return LongNumber().Replace(text, match => _values.OursFor("config", match.Value) ?? _values.OursFor("gray", match.Value) ?? match.Value);
    }

    private static string? TokenOf(Row row)
    {
        if (JsonValue.ParseStructure(row.Response?.Text("body")) is not JsonMap body) return null;

        return body.Text("accessToken") ?? body.Map("data")?.Text("accessToken");
    }

    [GeneratedRegex("(?<=(?:^|&)nid=)[0-9]+(?=&|$)")]
    private static partial Regex HistoryNumber();

    // The numbers of a list are separated by encoded commas.
    [GeneratedRegex(@"(?<![\w.%])[0-9]{15,}(?!\w)|(?<=%2C|%20)[0-9]{15,}(?!\w)")]
    private static partial Regex LongNumber();
}
