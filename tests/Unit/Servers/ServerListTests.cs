using Acm.Client.Http;
using Acm.Client.Servers;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Servers;

public sealed class ServerListTests
{
    private static readonly ServerAddress A = new("a", 1, false);
    private static readonly ServerAddress B = new("b", 2, false);
    private static readonly ServerAddress C = new("c", 3, false);

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void A_server_that_keeps_failing_is_rested_and_probed_by_one_call_when_the_rest_ends()
    {
        ServerList list = ListOf(A, B);
        for (int i = 0; i < ServerHealth.FailuresBeforeRest; i++) list.Failed(A);
        list.Failed(B);

        ServerAddress resting = list.Pick([]);
        _clock.Advance(ServerHealth.FirstRest - TimeSpan.FromTicks(1));
        ServerAddress stillResting = list.Pick([]);
        _clock.Advance(TimeSpan.FromTicks(1));
        ServerAddress probe = list.Pick([]);
        ServerAddress besideTheProbe = list.Pick([]);

        Assert.Equal((B, B, A, B), (resting, stillResting, probe, besideTheProbe));
    }

    [Fact]
    public void A_failed_probe_rests_a_server_twice_as_long()
    {
        ServerList list = ListOf(A, B);
        for (int i = 0; i < ServerHealth.FailuresBeforeRest; i++) list.Failed(A);
        list.Failed(B);
        _clock.Advance(ServerHealth.FirstRest);
        list.Failed(list.Pick([]));
        list.Failed(B);

        _clock.Advance(ServerHealth.FirstRest + ServerHealth.FirstRest - TimeSpan.FromTicks(1));
        ServerAddress before = list.Pick([]);
        _clock.Advance(TimeSpan.FromTicks(1));
        ServerAddress after = list.Pick([]);

        Assert.Equal((B, A), (before, after));
    }

    [Fact]
    public void Where_all_rest_the_one_whose_rest_ends_first_is_asked_all_the_same()
    {
        ServerList list = ListOf(A, B);
        for (int i = 0; i < ServerHealth.FailuresBeforeRest; i++) list.Failed(A);
        _clock.Advance(TimeSpan.FromSeconds(1));
        for (int i = 0; i < ServerHealth.FailuresBeforeRest; i++) list.Failed(B);

        ServerAddress server = list.Pick([]);

        Assert.Equal(A, server);
    }

    [Fact]
    public void R14_a_refresh_keeps_the_server_in_use_and_every_standing()
    {
        ServerList list = ListOf(A, B, C);
        list.Failed(A);
        list.Succeeded(B);

        list.Replace([C, B, A]);

        Assert.Equal([B, A, C], list.Snapshot());
    }

    [Fact]
    public void A_server_in_use_that_left_the_list_hands_over_to_the_first_of_the_new_one()
    {
        ServerList list = ListOf(A, B);
        list.Succeeded(B);

        list.Replace([C, A]);

        Assert.Equal(C, list.Pick([]));
    }

    [Fact]
    public void A_success_ends_the_count_of_failures()
    {
        ServerList list = ListOf(A, B);
        for (int i = 0; i < 10; i++)
        {
            list.Failed(A);
            list.Failed(A);
            list.Succeeded(A);
        }

        Assert.Equal(A, list.Pick([]));
    }

    private ServerList ListOf(params ServerAddress[] servers)
    {
        var list = new ServerList(_clock);
        list.Replace(servers);
        return list;
    }
}
