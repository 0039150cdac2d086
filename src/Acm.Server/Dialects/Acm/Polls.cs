using System.Globalization;
using System.Text;
using Acm.Server.Auth;
using Acm.Server.Http;
using Acm.Server.Limits;
using Acm.Server.Polling;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Acm;

/// <summary>Watching: answers at once where something differs, else hangs until it does.</summary>
internal sealed class Polls(PollBoard board, PollLimit limit, SignatureCheck? signatures)
{
    /// <summary>Ten thousand keys of the longest names, every byte percent-encoded, would be 16 MB.</summary>
    public const long MaxFormBytes = 16 * 1024 * 1024;

    private static readonly TimeSpan ShortestHold = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestHold = TimeSpan.FromHours(1);
    private static readonly TimeSpan EarlierBy = TimeSpan.FromMilliseconds(500);

    // From 2.0.4 on a client reads the result of a short poll in the body.
    private const int FirstVersionWithBody = 204;
    private const int VersionWhereAbsent = 200;

    /// <param name="call">The request.</param>
    /// <param name="body">Its buffer, given back as soon as the poll hangs.</param>
    public async Task<Answer> PollAsync(Call call, RequestBody body)
    {
        List<ProbeItem>? items = Probe.TryParse(call.Form.Bytes("Probe-Modify-Request") ?? default, out string refusal);
        if (signatures?.IsValidPoll(call.Claim, TenantOf(items)) == false) return Answer.Denied;
        if (items is null) return Answer.BadRequest(refusal);

        List<ConfigKey> differing = board.Differing(items);
        string wish = call.Headers["longPullingTimeout"].ToString();
        if (wish.Length == 0) return ShortAnswer(call, differing);
        if (!double.TryParse(wish, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out double milliseconds)) return Answer.BadRequest("invalid longPullingTimeout");
        if (differing.Count > 0) return Changed(PollAnswer.Of([.. differing]));
        if (call.Headers["longPullingNoHangUp"].ToString().Equals("true", StringComparison.OrdinalIgnoreCase)) return Answer.NothingChanged;

        if (!limit.TryEnter(call.ClientAddress)) return Answer.Throttled;
        try
        {
            using HangingPoll poll = board.Hang(items, Hold(milliseconds));

            // The probe of a client with many keys is large, and the poll hangs long.
            body.Dispose();
            ReadOnlyMemory<byte> answer = await poll.WaitAsync(call.ClientGone).ConfigureAwait(false);
            return answer.IsEmpty ? Answer.NothingChanged : Changed(answer);
        }
        finally
        {
            limit.Leave(call.ClientAddress);
        }
    }

    /// <summary>Digits and other numbers of the version folded into one: 2.0.4 is 204, 0.4.10 is 50.</summary>
    internal static int NumericVersion(string version)
    {
        if (version.Length == 0) return VersionWhereAbsent;

        int sum = 0;
        foreach (string part in version.Split('.'))
        {
            if (int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number)) sum = unchecked((sum * 10) + number);
        }

        return sum;
    }

    private static TimeSpan Hold(double milliseconds)
    {
        var wish = TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 0, LongestHold.TotalMilliseconds)) - EarlierBy;
        return wish < ShortestHold ? ShortestHold : wish;
    }

    private static string? TenantOf(List<ProbeItem>? items)
    {
        if (items is null) return null;

        string tenant = items[0].Key.Tenant;
        return items.TrueForAll(item => item.Key.Tenant == tenant) ? tenant : null;
    }

    private static Answer Changed(ReadOnlyMemory<byte> body) => new() { ContentType = Answer.GbkHtml, Body = body, NeverCached = true };

    private static Answer ShortAnswer(Call call, List<ConfigKey> differing)
    {
        byte[] body = differing.Count > 0 ? PollAnswer.Of([.. differing]) : [];
        if (NumericVersion(call.Headers["Client-Version"].ToString()) >= FirstVersionWithBody) return Changed(body);

        string old = string.Concat(differing.Select(key => $"{HeaderText(key.DataId)}:{HeaderText(key.Group)};"));
        string list = Encoding.ASCII.GetString(body).TrimEnd('\n');
        return new Answer { ContentType = Answer.GbkHtml, NeverCached = true, ProbeHeaders = (old, list) };
    }

    // A key in a probe may hold anything; a header may not.
    private static string HeaderText(string name) => name.All(c => c is > ' ' and < '\u007f') ? name : PollAnswer.Escape(name);
}
