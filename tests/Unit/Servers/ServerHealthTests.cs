using Acm.Client.Servers;

namespace Acm.Tests.Servers;

public sealed class ServerHealthTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Many_calls_that_fail_at_once_rest_a_server_once()
    {
        var health = new ServerHealth();

        for (int i = 0; i < 16; i++) health.Failed(Start);

        Assert.Equal(Start + ServerHealth.FirstRest, health.RestsUntil);
    }

    [Fact]
    public void A_rest_is_never_longer_than_the_longest()
    {
        var health = new ServerHealth();
        for (int i = 0; i < ServerHealth.FailuresBeforeRest; i++) health.Failed(Start);

        for (int i = 0; i < 20; i++)
        {
            health.TryUse(health.RestsUntil);
            health.Failed(Start);
        }

        Assert.Equal(Start + ServerHealth.LongestRest, health.RestsUntil);
    }
}
