using Acm.Client;
using Acm.Client.Credentials;
using Acm.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Credentials;

public sealed class RefreshTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));
    private readonly RecordingLog _log = new(AcmLogLevel.Debug);
    private readonly HeldProvider _provider;
    private readonly RefreshingCredentialSource _source;

    public RefreshTests()
    {
        _provider = new HeldProvider(_clock);
        _source = new RefreshingCredentialSource(_provider, _clock, () => 1, _log);
    }

    public void Dispose() => _source.Dispose();

    [Fact]
    public async Task Nothing_is_asked_for_before_the_first_use_and_a_credential_at_hand_comes_synchronously()
    {
        Assert.Null(_source.Current);
        Assert.Null(_source.Expires);
        Assert.Equal(0, _provider.Asked);

        AcmCredential first = await GetAsync();
        ValueTask<AcmCredential> second = _source.GetAsync(TestContext.Current.CancellationToken);

        Assert.True(second.IsCompletedSuccessfully);
        Assert.Same(first, await second);
        Assert.Equal(1, _provider.Asked);
        Assert.Equal(_clock.GetUtcNow().AddHours(1), _source.Expires);
    }

    [Fact]
    public async Task A_credential_at_hand_costs_no_allocation()
    {
        await GetAsync();
        for (int i = 0; i < 100; i++) IsAtHand(_source.GetAsync(CancellationToken.None));

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++) IsAtHand(_source.GetAsync(CancellationToken.None));
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
    }

    [Theory]
    [InlineData(60, 48)]
    [InlineData(360, 345)]
    [InlineData(75, 60)]
    [InlineData(15, 12)]
    public async Task A_refresh_starts_at_the_smaller_of_15_minutes_and_a_fifth_of_the_lifetime_before_the_end(double lifetimeMinutes, double refreshMinutes)
    {
        _provider.Lifetime = TimeSpan.FromMinutes(lifetimeMinutes);
        AcmCredential first = await GetAsync();

        _clock.Advance(TimeSpan.FromMinutes(refreshMinutes) - TimeSpan.FromSeconds(1));
        Assert.Same(first, await GetAsync());
        Assert.Equal(1, _provider.Asked);

        _clock.Advance(TimeSpan.FromSeconds(1));
        await GetAsync();
        Assert.Equal(2, _provider.Asked);
        Assert.NotSame(first, await GetAsync());
    }

    [Fact]
    public async Task While_the_next_one_is_fetched_the_old_one_is_used_until_it_really_ends()
    {
        AcmCredential old = await GetAsync();
        _provider.AnswersAtOnce = false;

        _clock.Advance(TimeSpan.FromMinutes(50));
        ValueTask<AcmCredential> meanwhile = _source.GetAsync(TestContext.Current.CancellationToken);
        Assert.True(meanwhile.IsCompletedSuccessfully);
        Assert.Same(old, await meanwhile);

        _clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        Assert.Same(old, await GetAsync());

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Task<AcmCredential> after = _source.GetAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.False(after.IsCompleted);
        _provider.Answer();

        Assert.NotSame(old, await Clients.InTime(after));
        Assert.Equal(2, _provider.Asked);
    }

    [Fact]
    public async Task Callers_that_come_at_once_share_one_fetch()
    {
        _provider.AnswersAtOnce = false;

        Task<AcmCredential>[] callers = [.. Enumerable.Range(0, 100).Select(_ => _source.GetAsync(TestContext.Current.CancellationToken).AsTask())];
        _provider.Answer();
        AcmCredential[] credentials = await Clients.InTime(Task.WhenAll(callers));

        Assert.Single(credentials.Distinct());
        Assert.Equal(1, _provider.Asked);
    }

    [Fact]
    public async Task A_caller_that_gives_up_does_not_end_the_fetch_of_the_others()
    {
        _provider.AnswersAtOnce = false;
        using var leaving = new CancellationTokenSource();
        Task<AcmCredential> impatient = _source.GetAsync(leaving.Token).AsTask();
        Task<AcmCredential> patient = _source.GetAsync(TestContext.Current.CancellationToken).AsTask();

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        _provider.Answer();

        Assert.Equal("ak-1", (await Clients.InTime(patient)).AccessKey);
    }

    [Fact]
    public async Task Lasting_credentials_are_asked_for_once()
    {
        _provider.Lifetime = null;
        await GetAsync();

        _clock.Advance(TimeSpan.FromDays(1000));
        await GetAsync();

        Assert.Equal(1, _provider.Asked);
    }

    [Fact]
    public async Task A_source_that_is_down_is_asked_with_growing_pauses_while_the_old_credential_serves()
    {
        AcmCredential old = await GetAsync();
        _clock.Advance(TimeSpan.FromMinutes(48));
        _provider.Failure = new AcmException(AcmErrorKind.ServerUnavailable, "It is down.");

        var asked = new List<double>();
        DateTimeOffset start = _clock.GetUtcNow();
        for (int i = 0; i < 1200; i++)
        {
            int before = _provider.Asked;
            Assert.Same(old, await GetAsync());
            if (_provider.Asked > before) asked.Add((_clock.GetUtcNow() - start).TotalSeconds);
            _clock.Advance(TimeSpan.FromSeconds(0.1));
        }

        Assert.Equal([0, 1, 3, 7, 15, 31, 61, 91], asked);
        Assert.Contains(_log.Lines, line => line.Contains("It is down.", StringComparison.Ordinal) && line.Contains("are used until", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Once_the_old_credential_ended_a_source_that_is_down_is_AuthenticationFailed_and_not_asked_by_every_call()
    {
        await GetAsync();
        _provider.Failure = new AcmException(AcmErrorKind.ServerUnavailable, "It is down.") { Advice = "Start it." };
        _clock.Advance(TimeSpan.FromHours(1));

        AcmException error = await Clients.FailsAsync(GetAsync());
        for (int i = 0; i < 100; i++) await Clients.FailsAsync(GetAsync());

        Assert.Equal(AcmErrorKind.AuthenticationFailed, error.Kind);
        Assert.Equal("Held provided no credentials. It is down.", error.Message);
        Assert.Equal("Start it.", error.Advice);
        Assert.Equal(2, _provider.Asked);

        _provider.Failure = null;
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("ak-3", (await GetAsync()).AccessKey);
    }

    [Fact]
    public async Task A_fault_of_a_provider_is_an_error_that_keeps_its_cause()
    {
        _provider.Failure = new InvalidOperationException("A fault.");

        AcmException error = await Clients.FailsAsync(GetAsync());

        Assert.Equal(AcmErrorKind.AuthenticationFailed, error.Kind);
        Assert.Same(_provider.Failure, error.GetBaseException());
    }

    [Fact]
    public async Task Credentials_that_have_ended_when_they_come_are_refused_with_a_word_about_the_clock()
    {
        _provider.Lifetime = TimeSpan.Zero;

        AcmException error = await Clients.FailsAsync(GetAsync());

        Assert.Contains("the clock of this computer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_credential_is_renewed_once_and_then_not_for_30_seconds()
    {
        AcmCredential first = await GetAsync();

        _source.Invalidate(first);
        AcmCredential second = await GetAsync();
        _source.Invalidate(second);
        AcmCredential same = await GetAsync();
        _clock.Advance(RefreshingCredentialSource.RefusalRest);
        _source.Invalidate(second);
        AcmCredential third = await GetAsync();

        Assert.NotSame(first, second);
        Assert.Same(second, same);
        Assert.NotSame(second, third);
        Assert.Equal(3, _provider.Asked);
    }

    [Fact]
    public async Task A_refusal_of_a_credential_that_was_replaced_meanwhile_asks_nobody()
    {
        AcmCredential first = await GetAsync();
        _clock.Advance(TimeSpan.FromMinutes(50));
        await GetAsync();
        AcmCredential second = await GetAsync();

        _source.Invalidate(first);

        Assert.Same(second, await GetAsync());
        Assert.Equal(2, _provider.Asked);
    }

    [Fact]
    public async Task A_refused_credential_is_kept_where_the_source_has_no_other()
    {
        AcmCredential first = await GetAsync();
        _provider.Failure = new AcmException(AcmErrorKind.ServerUnavailable, "It is down.");

        _source.Invalidate(first);

        Assert.Same(first, await GetAsync());
        Assert.Equal(2, _provider.Asked);
    }

    [Fact]
    public async Task The_same_credential_again_is_the_same_object()
    {
        using var source = new RefreshingCredentialSource(new StaticCredentialSource(new AcmCredential("ak", "sk", "token")), _clock, () => 0);
        AcmCredential first = await source.GetAsync(TestContext.Current.CancellationToken);

        source.Invalidate(first);

        Assert.Same(first, await source.GetAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_service_that_hands_out_the_same_credential_until_its_end_is_not_asked_by_every_call()
    {
        var credential = new AcmCredential("ak", "sk", "token", _clock.GetUtcNow().AddHours(1));
        int asked = 0;
        using var source = new RefreshingCredentialSource(new CountingProvider(() => asked++, credential), _clock, () => 0);

        for (int i = 0; i < 36_000 - 10; i++)
        {
            Assert.Same(credential, await source.GetAsync(TestContext.Current.CancellationToken));
            _clock.Advance(TimeSpan.FromSeconds(0.1));
        }

        Assert.InRange(asked, 2, 60);
    }

    [Fact]
    public async Task Disposing_ends_a_fetch_and_whoever_waits_for_it()
    {
        _provider.AnswersAtOnce = false;
        Task<AcmCredential> waiting = _source.GetAsync(TestContext.Current.CancellationToken).AsTask();

        _source.Dispose();

        AcmException error = await Clients.FailsAsync(waiting);
        Assert.Contains("closed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public Task A_credential_that_ends_every_5_s_serves_200_calls_a_second_for_a_minute_with_one_refresh_an_expiry() => Task.Run(async () =>
    {
        // Fetching takes 300 ms. Outside the test's synchronization context, so that continuations have run when Answer returns.
        _provider.Lifetime = TimeSpan.FromSeconds(5);
        await _source.GetAsync(CancellationToken.None);
        _provider.AnswersAtOnce = false;
        DateTimeOffset? fetching = null;
        for (int i = 0; i < 60 * 200; i++)
        {
            int before = _provider.Asked;
            ValueTask<AcmCredential> call = _source.GetAsync(CancellationToken.None);
            Assert.True(call.IsCompletedSuccessfully, $"Call {i} had to wait.");
            Assert.True((await call).Expires > _clock.GetUtcNow(), $"Call {i} got a credential that has ended.");
            if (_provider.Asked > before) fetching = _clock.GetUtcNow();

            _clock.Advance(TimeSpan.FromMilliseconds(5));
            if (fetching is { } since && _clock.GetUtcNow() - since >= TimeSpan.FromMilliseconds(300))
            {
                fetching = null;
                _provider.Answer();
            }
        }

        // Each is used for 4.3 s, four fifths of its lifetime plus the time of the fetch: after the first one, fetches start at 4.0 s, 8.3 s and so on, up to 59.9 s.
        Assert.Equal(1 + 14, _provider.Asked);
        Assert.Equal(1, _provider.MostAtOnce);
    });

    [Fact]
    public async Task No_text_of_a_source_or_its_log_holds_a_secret()
    {
        AcmCredential credential = await GetAsync();
        _provider.Failure = new AcmException(AcmErrorKind.ServerUnavailable, "It is down.");
        _source.Invalidate(credential);
        await GetAsync();

        string[] told = [.. _log.Lines, _source.ToString(), _source.Name, credential.ToString()];
        Assert.NotEmpty(_log.Lines);
        Assert.DoesNotContain(told, text => text.Contains("sk-1", StringComparison.Ordinal) || text.Contains("token-1", StringComparison.Ordinal));
    }

    private static bool IsAtHand(ValueTask<AcmCredential> call) => call.IsCompletedSuccessfully;

    private Task<AcmCredential> GetAsync() => Clients.InTime(_source.GetAsync(TestContext.Current.CancellationToken).AsTask());

    private sealed class CountingProvider(Action count, AcmCredential credential) : ICredentialProvider
    {
        public string Name => "Counting";

        public Task<AcmCredential> FetchAsync(CancellationToken cancellationToken)
        {
            count();
            return Task.FromResult(credential);
        }
    }
}
