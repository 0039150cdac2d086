using Acm.Client;
using Acm.Tests.Server;
using Acm.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.History;

/// <summary>Restores 20 configurations after 200 random changes to each of 50 points in time.</summary>
public sealed class RestoreRoundTripTests
{
    private const int Keys = 20;
    private const int Changes = 200;
    private const int Moments = 50;

    private static readonly AcmCallOptions Stored = new() { NoFailover = true };

    [Theory]
    [InlineData("Acm", 1)]
    [InlineData("One", 2)]
    [InlineData("Two", 3)]
    [InlineData("Three", 4)]
    public async Task Each_moment_comes_back(string dialect, int seed)
    {
        var random = new Random(seed);
        var clock = new FakeTimeProvider();
        await using RunningServer server = await HistoryServers.StartAsync(dialect, clock);
        using AcmClient client = HistoryServers.Connect(dialect, server);
        ConfigKey[] keys = [.. Enumerable.Range(0, Keys).Select(i => new ConfigKey($"config-{i}.yaml", $"G{i % 3}"))];
        var now = new Dictionary<ConfigKey, State>();
        var moments = new List<(DateTimeOffset Time, Dictionary<ConfigKey, State> States)>();
        for (int change = 1; change <= Changes; change++)
        {
            clock.Advance(TimeSpan.FromSeconds(10));
            await ChangeAsync(client, dialect, keys[random.Next(Keys)], now, change, random);
            if (change % (Changes / Moments) == 0) moments.Add((clock.GetUtcNow().AddSeconds(5), new(now)));
        }

        clock.Advance(TimeSpan.FromSeconds(10));
        foreach ((DateTimeOffset time, Dictionary<ConfigKey, State> states) in moments.OrderBy(_ => random.Next()))
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            foreach (ConfigKey key in keys) await RestoreAsync(client, dialect, key, time, states.GetValueOrDefault(key));
        }
    }

    private static async Task ChangeAsync(AcmClient client, string dialect, ConfigKey key, Dictionary<ConfigKey, State> now, int change, Random random)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        State? current = now.GetValueOrDefault(key);
        int kind = random.Next(4);
        if (current is not null && kind == 0)
        {
            await client.RemoveAsync(key, cancellationToken: token);
            now.Remove(key);
            return;
        }

        State next = current is not null && kind == 1 ? current with { Description = $"d{change}" } : new State($"v: {change}", current?.Description ?? "");
        await client.PublishAsync(key, next.Content, dialect == "Acm" ? null : new PublishOptions { Description = next.Description }, cancellationToken: token);
        now[key] = next;
    }

    private static async Task RestoreAsync(AcmClient client, string dialect, ConfigKey key, DateTimeOffset time, State? expected)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        if (expected is null)
        {
            if (await GetAsync(client, key) is not { } before) return;

            AcmException error = await Clients.FailsAsync(client.PlanRestoreAsync(key, RevisionQuery.AsOf(time), cancellationToken: token));

            Assert.Equal(AcmErrorKind.ConfigNotFound, error.Kind);
            Assert.Equal(before.Content, (await GetAsync(client, key))?.Content);
            return;
        }

        RestorePlan plan = await client.PlanRestoreAsync(key, RevisionQuery.AsOf(time), cancellationToken: token);
        if (plan.IsNeeded) await client.RestoreAsync(plan, cancellationToken: token);
        AcmConfig? restored = await GetAsync(client, key);

        Assert.Equal(expected.Content, restored?.Content);
        if (HistoryServers.KeepsMetadata(dialect)) Assert.Equal(expected.Description, restored?.Metadata.Description ?? "");
    }

    private static async Task<AcmConfig?> GetAsync(AcmClient client, ConfigKey key)
    {
        try
        {
            return await client.GetAsync(key, Stored, TestContext.Current.CancellationToken);
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.ConfigNotFound)
        {
            return null;
        }
    }

    private sealed record State(string Content, string Description);
}
