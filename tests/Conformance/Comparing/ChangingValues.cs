using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using Acm.Conformance.Json;

namespace Acm.Conformance.Comparing;

/// <summary>Recognizes values from clocks, generators and the kernel, which are compared by kind only.</summary>
internal static partial class ChangingValues
{
    private const double NearSeconds = 30 * 86_400;
    private static readonly BigInteger GeneratedIds = BigInteger.Pow(10, 15);

    private static readonly HashSet<string> Ids = ["id", "nid", "lastId", "configId", "cfgId", "requestId", "currentId"];

    private static readonly HashSet<string> Measured =
    [
        "load", "cpu", "mem", "memory", "systemLoad", "term", "port", "raftPort", "raft_port", "server_port", "remotePort", "localPort", "workerId",
    ];

    private static readonly HashSet<string> Exact =
    [
        "content", "originalContent", "updatedContent", "md5", "originalMd5", "updatedMd5", "schema", "desc", "encryptedDataKey",
    ];

    private static readonly string[] Naming =
    [
        "dataId", "group", "groupName", "tenant", "namespaceId", "namespace", "namespaceShowName", "username", "role", "resource", "action", "opType",
        "publishType", "grayName", "groupKey", "itemName", "address",
    ];

    /// <summary>Returns whether a member is the content of a configuration, which is not masked.</summary>
    public static bool IsExact(string name) => Exact.Contains(name);

    public static bool IsIso(string text) => Patterns.Iso.IsWhole(text);

    /// <summary>Returns whether a time is one of the constants that real servers write into some fields.</summary>
    public static bool IsNear(double seconds, double at) => Math.Abs(seconds - at) < NearSeconds;

    /// <summary>Returns the seconds since 1970 of an ISO time; a time without an offset is UTC.</summary>
    public static double SecondsOf(string text)
    {
        string plain = text.Replace(" Z", "Z", StringComparison.Ordinal);
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParse(ShortenedFraction().Replace(plain, "$1"), CultureInfo.InvariantCulture, Utc, out DateTimeOffset time)
            ? time.ToUnixTimeMilliseconds() / 1000.0
            : 0;
    }

    /// <summary>Returns the kind of a changing value; null if both sides must be equal.</summary>
    public static string? KindOf(string name, object? value, double at)
    {
        if (value is not (BigInteger or double or string) || IsExact(name)) return null;

        string form = "number";
        if (value is string text)
        {
            if (Patterns.Uuid.IsWhole(text)) return "UUID";
            if (Patterns.Connection.IsWhole(text)) return "connection id";
            if (Patterns.Token.IsWhole(text)) return "token";
            if (Patterns.PasswordHash.IsWhole(text)) return "password hash";
            if (name == "accessToken" && text.Length > 0) return "token";
            if (IsIso(text)) return IsNear(SecondsOf(text), at) ? "time like " + Digit().Replace(text, "9") : null;
            if (!Patterns.NumericText.IsWhole(text)) return null;

            value = text.Contains('.', StringComparison.Ordinal) ? double.Parse(text, CultureInfo.InvariantCulture) : BigInteger.Parse(text, CultureInfo.InvariantCulture);
            form = "numeric text";
        }

        if (Measured.Contains(name)) return form + " (measured)";

        double number = JsonValue.Number(value)!.Value;
        if (number <= 0) return null;
        if (IsNear(number, at)) return form + " (seconds since 1970)";
        if (IsNear(number / 1000, at)) return form + " (milliseconds since 1970)";

        bool isGenerated = value is BigInteger whole ? whole >= GeneratedIds : number >= (double)GeneratedIds;
        return Ids.Contains(name) || isGenerated ? form + " (id)" : null;
    }

    /// <summary>Returns a text with changing parts masked.</summary>
    public static string Masked(string text, double at)
    {
        text = Patterns.Uuid.Replace(text, "<uuid>");
        text = Patterns.Connection.Replace(text, "<connection>");
        text = Patterns.Token.Replace(text, "<token>");
        text = Patterns.PasswordHash.Replace(text, "<hash>");
        text = Patterns.WordDate.Replace(text, "<time>");
        text = Patterns.Port.Replace(text, "$1:<port>");
        text = Patterns.Iso.Replace(text, match => IsNear(SecondsOf(match.Value), at) ? Digit().Replace(match.Value, "9") : match.Value);
        return Patterns.ManyDigits.Replace(text, match =>
        {
            double number = double.Parse(match.Value, CultureInfo.InvariantCulture);
            return match.Length >= 15 || IsNear(number / 1000, at) || IsNear(number, at) ? "<number>" : match.Value;
        });
    }

    public static string DigitsMasked(string text) => Digit().Replace(text, "9");

    /// <summary>Returns a text with row numbers masked too, for the ends of long bodies.</summary>
    public static string MaskedWithIds(string text, double at) => IdMember().Replace(Masked(text, at), "$1<id>");

    /// <summary>Returns the JSON of a value with changing parts masked.</summary>
    public static string Canonical(object? value, double at, string name = "")
    {
        var text = new StringBuilder();
        Canonical(text, value, at, name);
        return text.ToString();
    }

    /// <summary>Returns the names in a list item, or the whole item.</summary>
    public static string Identity(object? item, double at)
    {
        var names = new JsonMap();
        if (item is JsonMap map)
        {
            foreach (string name in Naming)
            {
                if (map.TryGet(name, out object? value)) names[name] = value;
            }
        }

        return Canonical(names.Names.Any(name => KindOf(name, names[name], at) is null) ? names : item, at);
    }

    private static void Canonical(StringBuilder text, object? value, double at, string name)
    {
        if (value is JsonMap map)
        {
            text.Append('{').AppendJoin(',', map.Names.Select(k => k + ":" + Canonical(map[k], at, k)).Order(StringComparer.Ordinal)).Append('}');
        }
        else if (value is List<object?> list)
        {
            text.Append('[').AppendJoin(',', list.Select(item => Canonical(item, at, name))).Append(']');
        }
        else if (KindOf(name, value, at) is { } kind)
        {
            text.Append('<').Append(kind).Append('>');
        }
        else
        {
            text.Append(JsonValue.Write(value is string words && !IsExact(name) ? Masked(words, at) : value));
        }
    }

    [GeneratedRegex("[0-9]")]
    private static partial Regex Digit();

    [GeneratedRegex(@"(\.[0-9]{1,7})[0-9]*")]
    private static partial Regex ShortenedFraction();

    [GeneratedRegex("(\"(?:id|nid|lastId|configId|cfgId|requestId|currentId)\":\"?)[0-9]+")]
    private static partial Regex IdMember();
}
