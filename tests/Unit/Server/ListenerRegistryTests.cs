using Acm.Server.Polling;
using Acm.Server.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Server;

/// <summary>Listeners are remembered between polls, within a memory limit.</summary>
public sealed class ListenerRegistryTests
{
    private const int KeysOfPoll = 10_000;

    private readonly FakeTimeProvider _clock = new();
    private readonly ListenerRegistry _book;

    public ListenerRegistryTests() => _book = new ListenerRegistry(_clock);

    [Fact]
    public void A_client_has_a_value_to_fetch_until_it_asks_with_the_new_one()
    {
        var client = ListeningClient.Of("192.0.2.1", "app");
        ProbeItem item = Item(0);
        DateTimeOffset start = _clock.GetUtcNow();

        _book.Note(client, [item], [item.Name]);
        _clock.Advance(TimeSpan.FromSeconds(30));
        (ListeningClient Client, DateTimeOffset Since, string Md5) stale = Assert.Single(_book.Stale(item.Key));
        _book.Note(client, [item], []);

        Assert.Equal((client, start, "0123"), stale);
        Assert.Empty(_book.Stale(item.Key));
        Assert.Equal(start, _book.Since(client));
    }

    [Fact]
    public void The_keys_that_all_clients_have_to_fetch_are_bounded_together()
    {
        List<ProbeItem> items = [.. Enumerable.Range(0, KeysOfPoll).Select(Item)];
        List<ConfigKey> differing = [.. items.Select(item => item.Name)];

        for (int i = 0; i < 20; i++) _book.Note(ListeningClient.Of($"192.0.2.{i}", ""), items, differing);
        int remembered = _book.Stale(items[0].Key).Count;
        for (int i = 0; i < 20; i++) _book.Note(ListeningClient.Of($"192.0.2.{i}", ""), items, []);
        _book.Note(ListeningClient.Of("192.0.2.99", ""), items, differing);

        Assert.Equal(10, remembered);
        Assert.Equal(["192.0.2.99"], _book.Stale(items[0].Key).Select(stale => stale.Client.Address));
    }

    [Fact]
    public void A_name_of_an_application_and_an_MD5_are_remembered_up_to_their_lengths()
    {
        var client = ListeningClient.Of("192.0.2.1", new string('a', 20_000));
        var item = new ProbeItem(new ConfigKey("", "G", "a"), "", new byte[100_000]);

        _book.Note(client, [item], [item.Name]);

        Assert.Equal(128, client.AppName.Length);
        Assert.Equal("", Assert.Single(_book.Stale(item.Key)).Md5);
    }

    private static ProbeItem Item(int number) => new(new ConfigKey("", "G", $"key-{number}"), "", "0123"u8.ToArray());
}
