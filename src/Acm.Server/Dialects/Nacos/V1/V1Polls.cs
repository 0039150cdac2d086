using System.Text;
using Acm.Server.Http;
using Acm.Server.Limits;
using Acm.Server.Polling;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos.V1;

/// <summary>Long polling: responds immediately if a value differs, otherwise holds the request until one changes.</summary>
internal sealed class V1Polls(ConfigOperations operations, PollLimit limit, V1ErrorFormat errors)
{
    private const string Path = V1Configs.Path + "/listener";
    private const string Items = "Listening-Configs";
    private const int MaxKeys = 10_000;
    private const char WordSeparator = '\u0002';
    private const char LineSeparator = '\u0001';

    private Generation Generation => operations.Generation;

    public IEnumerable<Route> Routes() => [new("POST", Path, errors, PollAsync) { Filter = NameFilter.None, Namespaces = Namespaces }];

    /// <summary>Returns the namespaces of a poll; the public one for malformed polls, which fail later.</summary>
    private static IEnumerable<string> Namespaces(NacosCall call)
    {
        if (!TryUnescape(call.TextOrBlank(Items), out string text) || text.Split(LineSeparator) is not [_, _, ..] lines) return [""];

        return lines[..^1].Select(line => call.TenantOf(TenantOf(line.Split(WordSeparator)))).Distinct();
    }

    private static string TenantOf(string[] words) => words.Length == 4 ? words[3] : "";

    private async Task<Answer> PollAsync(NacosCall call)
    {
        string probe = call.TextOrBlank(Items);
        if (string.IsNullOrWhiteSpace(probe)) return Malformed(call);
        if (Parse(call, probe, out Answer? refusal) is not { } items) return refusal!;

        var view = new NacosView(operations.Store.Index, Generation, call.ClientAddress, call.Header("Vipserver-Tag"));
        List<ConfigKey> differing = [.. operations.Store.Polls.Differing(items, view).Distinct()];
        if (!call.Headers.TryGetValue("Long-Pulling-Timeout", out Microsoft.Extensions.Primitives.StringValues wish)) return ShortAnswer(call, differing);
        if (!HoldTime.TryParse(wish.ToString(), out double milliseconds))
        {
            return errors.Text(call, 400, $"For input string: \"{wish}\"");
        }

        if (differing.Count > 0) return Changed(call, PollAnswer.Of([.. differing]));
        if (call.Header("Long-Pulling-Timeout-No-Hangup").Equals("true", StringComparison.OrdinalIgnoreCase)) return NothingChanged(call);

        System.Net.IPAddress address = call.Address;
        int keys = items.Count;
        if (!limit.TryEnter(address, keys)) return Answer.Text(503, "too many long polls\n", ErrorPages.DefaultType(call));

        try
        {
            using PendingPoll poll = operations.Store.Polls.Hold(items, view, HoldTime.Of(milliseconds));

            // Frees the client's list of keys, which may be large, while the request is held.
            call.ReleaseBody();
            call.Parameters.Clear();
            items = null;
            differing = [];
            probe = "";
            return await poll.WaitAsync(call.ClientGone).ConfigureAwait(false) is { } key ? Changed(call, PollAnswer.Of(key)) : NothingChanged(call);
        }
        finally
        {
            limit.Leave(address, keys);
        }
    }

    private static Answer NothingChanged(NacosCall call) => new() { ContentType = ErrorPages.DefaultType(call) };

    private static Answer Changed(NacosCall call, byte[] body) => new() { ContentType = ErrorPages.DefaultType(call), Body = body, NeverCached = true };

    // Nacos sends an empty body to newer clients of a short poll, which expect the list in the body.
    private static Answer ShortAnswer(NacosCall call, List<ConfigKey> differing)
    {
        if (ClientVersion.Number(call.Header("Client-Version")) >= ClientVersion.FirstWithBody) return Changed(call, []);

        return new Answer { ContentType = ErrorPages.DefaultType(call), NeverCached = true, ProbeHeaders = PollAnswer.Headers(differing) };
    }

    private static bool TryUnescape(string text, out string unescaped)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Memory<byte> memory = bytes;
        bool isGood = PercentDecoding.TryDecodeInPlace(ref memory);
        unescaped = isGood ? Encoding.UTF8.GetString(memory.Span) : "";
        return isGood;
    }

    private List<ProbeItem>? Parse(NacosCall call, string probe, out Answer? refusal)
    {
        // Decoded a second time like in Nacos, because clients encode it twice.
        refusal = null;
        if (!TryUnescape(probe, out string text))
        {
            refusal = Broken(call);
            return null;
        }

        var items = new List<ProbeItem>();
        string[] lines = text.Split(LineSeparator);
        if (lines.Length == 1 && Generation == Generation.One) return lines[0].Contains(WordSeparator, StringComparison.Ordinal) ? Refuse(Malformed(call), out refusal) : items;
        if (lines.Length == 1) return Refuse(Broken(call), out refusal);

        foreach (string line in lines.AsSpan(0, lines.Length - 1))
        {
            string[] words = line.Split(WordSeparator);
            if (words.Length == 2) return Refuse(Malformed(call), out refusal);
            if (words.Length is not (3 or 4)) return Refuse(Broken(call), out refusal);

            string tenant = TenantOf(words);
            if (Generation > Generation.One) NameRules.FilterNames(words[0], words[1], tenant);

            // Names use memory while the request is held.
            if (NameRules.IsTooLongToStore(words[0], words[1], tenant)) return Refuse(Malformed(call), out refusal);
            items.Add(new ProbeItem(new ConfigKey(call.TenantOf(tenant), words[1], words[0]), tenant, Encoding.UTF8.GetBytes(words[2])));
            if (items.Count > MaxKeys) return Refuse(Malformed(call), out refusal);
        }

        return items;
    }

    private static List<ProbeItem>? Refuse(Answer answer, out Answer? refusal)
    {
        refusal = answer;
        return null;
    }

    private Answer Malformed(NacosCall call) => errors.Text(call, 400, "invalid probeModify");

    // An error of the parameter filter, which parses the list before the handler.
    private Answer Broken(NacosCall call) => Generation switch
    {
        Generation.One => Malformed(call),
        Generation.Two => ErrorPages.Error(call, 500, "invalid probeModify"),
        _ => ErrorPages.Error(call, 400, "invalid probeModify"),
    };
}
