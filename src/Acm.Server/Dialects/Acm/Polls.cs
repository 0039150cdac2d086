using System.Net;
using Acm.Server.Auth;
using Acm.Server.Http;
using Acm.Server.Limits;
using Acm.Server.Polling;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Acm;

/// <summary>Long polling: responds immediately if a value differs, otherwise holds the request until one changes.</summary>
internal sealed class Polls(PendingPolls pending, AcmView view, PollLimit limit, SignatureCheck? signatures, RateLimit unsignedAnswers, ListenerRegistry listeners)
{
    /// <summary>The maximum size of a form: 10,000 keys with the longest names, percent-encoded.</summary>
    public const long MaxFormBytes = 16 * 1024 * 1024;

    /// <summary>
    /// How often per second unsigned polls may learn that a key has another MD5. Each response rules out one guess of the
    /// content, so all clients together are counted for each key.
    /// </summary>
    public const int UnsignedAnswersPerSecond = 1;

    private const int MaxUnsignedKeys = 100;

    private static readonly TimeSpan LongestUnsignedHold = TimeSpan.FromSeconds(30);

    /// <summary>Handles a poll.</summary>
    /// <param name="call">The request.</param>
    /// <param name="body">The body of the request, which is disposed of while the request is held.</param>
    public async Task<Answer> PollAsync(AcmCall call, RequestBody body)
    {
        List<ProbeItem>? items = Probe.TryParse(call.Form.Bytes("Probe-Modify-Request") ?? default, out string refusal);
        if (signatures?.IsValidPoll(call.Claim, TenantOf(items)) == false) return Answer.Denied;
        if (items is null) return Answer.BadRequest(refusal);

        string wish = call.Headers["longPullingTimeout"].ToString();
        bool hangs = !call.Headers["longPullingNoHangUp"].ToString().Equals("true", StringComparison.OrdinalIgnoreCase);
        bool isUnsigned = signatures is not null && call.Claim.Signature.Length == 0;
        if (isUnsigned && UnsignedRefusal(items, isShort: wish.Length == 0 || !hangs) is { } refused) return refused;

        // Invalid names never have a value, but would use memory while the request is held.
        if (items.Select(item => NameRules.Refusal(item.Key)).FirstOrDefault(reason => reason is not null) is { } invalid) return Answer.BadRequest(invalid);

        items = [.. items.DistinctBy(item => item.Key)];
        List<ConfigKey> differing = pending.Differing(items, view);
        if (isUnsigned) LimitGuesses(items, differing);
        var client = ListeningClient.Of(call.ClientAddress.ToString(), call.Headers["Diamond-Client-AppName"].ToString());
        if (hangs && wish.Length > 0) listeners.Note(client, items, differing);
        if (wish.Length == 0) return ShortAnswer(call, differing);
        if (!HoldTime.TryParse(wish, out double milliseconds)) return Answer.BadRequest("invalid longPullingTimeout");
        if (differing.Count > 0) return Changed(PollAnswer.Of([.. differing]));
        if (!hangs) return Answer.NothingChanged;

        if (!limit.TryEnter(call.ClientAddress, items.Count)) return Answer.Throttled;
        try
        {
            using PendingPoll poll = pending.Hold(items, view, HoldTime.Of(isUnsigned ? Math.Min(milliseconds, LongestUnsignedHold.TotalMilliseconds) : milliseconds), client);

            // Frees the client's list of keys, which may be large, while the request is held.
            body.Dispose();
            if (await poll.WaitAsync(call.ClientGone).ConfigureAwait(false) is not { } key) return Answer.NothingChanged;

            listeners.NoteTold(client, key);
            return Changed(PollAnswer.Of(key));
        }
        finally
        {
            limit.Leave(call.ClientAddress, items.Count);
        }
    }

    // A client could guess the content with many MD5s of the same key, or with many short polls.
    private static Answer? UnsignedRefusal(List<ProbeItem> items, bool isShort)
    {
        if (isShort) return Answer.Denied;
        if (items.Count > MaxUnsignedKeys) return Answer.BadRequest($"too many keys without a signature, limit {MaxUnsignedKeys}");

        return items.DistinctBy(item => item.Key).Count() < items.Count ? Answer.BadRequest("a key is repeated") : null;
    }

    /// <summary>Treats keys over the limit as equal until they change; the client polls again later.</summary>
    private void LimitGuesses(List<ProbeItem> items, List<ConfigKey> differing)
    {
        foreach (ConfigKey key in differing.FindAll(key => !unsignedAnswers.Allows(IPAddress.None, key)))
        {
            differing.Remove(key);
            int at = items.FindIndex(item => item.Key == key);
            items[at] = items[at] with { Md5 = pending.Md5Of(key, view) };
        }
    }

    private static string? TenantOf(List<ProbeItem>? items)
    {
        if (items is null) return null;

        string tenant = items[0].Key.Tenant;
        return items.TrueForAll(item => item.Key.Tenant == tenant) ? tenant : null;
    }

    private static Answer Changed(ReadOnlyMemory<byte> body) => new() { ContentType = Answer.GbkHtml, Body = body, NeverCached = true };

    private static Answer ShortAnswer(AcmCall call, List<ConfigKey> differing)
    {
        if (ClientVersion.Number(call.Headers["Client-Version"].ToString()) >= ClientVersion.FirstWithBody) return Changed(differing.Count > 0 ? PollAnswer.Of([.. differing]) : []);

        return new Answer { ContentType = Answer.GbkHtml, NeverCached = true, ProbeHeaders = PollAnswer.Headers(differing) };
    }
}
