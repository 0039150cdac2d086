using Acm.Client.Encryption;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Encryption;

public sealed class SecretCacheTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void What_is_kept_is_found_as_a_copy()
    {
        using var cache = new SecretCache(_clock);
        byte[] secret = [1, 2, 3];

        cache.Keep("a", secret);
        Array.Clear(secret);
        byte[] found = cache.Find("a")!;
        Array.Clear(found);

        Assert.Equal([1, 2, 3], cache.Find("a"));
        Assert.Null(cache.Find("b"));
    }

    [Fact]
    public void What_was_used_longest_ago_makes_room()
    {
        using var cache = new SecretCache(_clock, maxEntries: 2);
        cache.Keep("a", [1]);
        cache.Keep("b", [2]);

        cache.Find("a");
        cache.Keep("c", [3]);

        Assert.Null(cache.Find("b"));
        Assert.Equal([1], cache.Find("a"));
        Assert.Equal([3], cache.Find("c"));
    }

    [Fact]
    public void The_bytes_are_limited_as_well()
    {
        using var cache = new SecretCache(_clock, maxBytes: 10);
        for (int i = 0; i < 5; i++) cache.Keep(i.ToString(System.Globalization.CultureInfo.InvariantCulture), new byte[4]);

        Assert.Equal(2, cache.Count);
        Assert.NotNull(cache.Find("4"));
    }

    [Fact]
    public void One_that_is_kept_again_counts_once()
    {
        using var cache = new SecretCache(_clock, maxBytes: 10);
        for (int i = 0; i < 5; i++) cache.Keep("a", new byte[4]);
        cache.Keep("b", new byte[4]);

        Assert.Equal(2, cache.Count);
    }

    [Fact]
    public void After_its_time_nothing_is_found_and_nothing_stays_in_memory_though_nobody_asks()
    {
        using var cache = new SecretCache(_clock);
        cache.Keep("a", [1]);

        _clock.Advance(SecretCache.MaxAge - TimeSpan.FromSeconds(1));
        Assert.NotNull(cache.Find("a"));

        // Use does not extend the lifetime, so that a client that lost its permission for the key cannot read forever.
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(cache.Find("a"));

        cache.Keep("b", [1]);
        _clock.Advance(SecretCache.MaxAge + TimeSpan.FromMinutes(1));
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void A_closed_cache_is_empty_and_keeps_nothing_more()
    {
        var cache = new SecretCache(_clock);
        cache.Keep("a", [1]);

        cache.Dispose();
        cache.Keep("b", [1]);

        Assert.Equal(0, cache.Count);
        Assert.Null(cache.Find("a"));
    }

    [Fact]
    public void Names_are_short_and_differ()
    {
        Assert.Equal(64, SecretCache.NameOf(new string('x', 8000)).Length);
        Assert.NotEqual(SecretCache.NameOf("a"), SecretCache.NameOf("b"));
    }
}
