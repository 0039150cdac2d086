using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Acm.Tests.StandIns;

/// <summary>Temporary credentials that a stand-in has handed out: each one is new, and known again.</summary>
internal sealed class IssuedCredentials
{
    private int _count;

    /// <summary>Marks every secret of this stand-in, so that a test may look for it everywhere.</summary>
    public string Mark { get; init; } = "issued";

    /// <summary>The end of each token.</summary>
    public ConcurrentDictionary<string, DateTimeOffset> Ends { get; } = new(StringComparer.Ordinal);

    public int Count => _count;

    public JsonObject Issue(DateTimeOffset now, TimeSpan lifetime)
    {
        string number = Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture);

        // The services return whole seconds.
        DateTimeOffset end = DateTimeOffset.FromUnixTimeSeconds((now + lifetime).ToUnixTimeSeconds());
        Ends[$"{Mark}-token-{number}"] = end;
        return new JsonObject
        {
            ["AccessKeyId"] = $"STS.{Mark}-ak-{number}",
            ["AccessKeySecret"] = $"{Mark}-sk-{number}",
            ["SecurityToken"] = $"{Mark}-token-{number}",
            ["Expiration"] = end.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        };
    }
}
