using Acm.Client;
using Acm.Tests.Dialects;
using Acm.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Servers;

/// <summary>Failures and time before the first request count against the call, but not against a server.</summary>
public sealed class CallPreparationTests
{
    private static readonly ConfigKey Key = new("app.yml");

    [Fact]
    public async Task The_end_of_a_calls_time_cancels_its_wait_for_credentials()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Content("v"));
        var clock = new FakeTimeProvider();
        using var credentials = new WaitingCredentials();
        using AcmClient client = Clients.With(Clients.Options(server) with { CredentialSource = credentials, TotalTimeout = TimeSpan.FromSeconds(20) }, clock);

        Task<AcmConfig> get = client.GetAsync(Key);
        CancellationToken token = await Clients.InTime(credentials.Asked);
        clock.Advance(TimeSpan.FromSeconds(20));
        AcmException error = await Clients.FailsAsync(get);

        Assert.Equal((AcmErrorKind.Timeout, false), (error.Kind, error.OutcomeUnknown));
        Assert.True(token.IsCancellationRequested);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_time_out_that_is_the_credentials_own_is_not_the_calls()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Content("v"));
        using var credentials = new WaitingCredentials { Failure = new TimeoutException("The vault did not answer.") };
        using AcmClient client = Clients.With(Clients.Options(server) with { CredentialSource = credentials });

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal((AcmErrorKind.AuthenticationFailed, "Waiting provided no credentials. The vault did not answer."), (error.Kind, error.Message));
    }

    [Fact]
    public async Task The_outcome_of_a_call_that_ends_while_a_server_is_asked_is_unknown()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Hang);
        var clock = new FakeTimeProvider();
        using AcmClient client = Clients.With(Clients.Options(server) with { TryTimeout = TimeSpan.FromSeconds(30), TotalTimeout = TimeSpan.FromSeconds(20) }, clock);

        Task<AcmConfig> get = client.GetAsync(Key);
        await server.NextRequestAsync();
        clock.Advance(TimeSpan.FromSeconds(20));
        AcmException error = await Clients.FailsAsync(get);

        Assert.Equal((AcmErrorKind.Timeout, true), (error.Kind, error.OutcomeUnknown));
        Assert.Contains("within 20 s in total", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_whose_rest_is_over_is_not_passed_over_because_credentials_failed()
    {
        var servers = new EchoServers { BeforeAnswer = (name, _) => new AcmException(AcmErrorKind.ServerUnavailable, $"{name} is down.") };
        var clock = new PauselessClock();
        using var client = new AcmClient(new AcmClientOptions { Endpoint = "one:1,two:2", Direct = true, NoSnapshot = true }, clock, () => 0, new Dialect(new EchoDialect(), servers));
        for (int i = 0; i < 3; i++) await Clients.FailsAsync(client.GetAsync(Key));
        clock.Advance(TimeSpan.FromMinutes(2));
        string inUse = client.KnownServers[0];
        servers.Asked.Clear();

        servers.ProofError = new AcmException(AcmErrorKind.AuthenticationFailed, "There are no credentials.") { IsFinal = true };
        await Clients.FailsAsync(client.GetAsync(Key));
        servers.ProofError = null;
        await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(inUse, servers.Asked.First().Server);
    }

    /// <summary>A source that never completes, or fails.</summary>
    private sealed class WaitingCredentials : AcmCredentialSource
    {
        private readonly TaskCompletionSource<CancellationToken> _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<AcmCredential> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override string Name => "Waiting";

        public override AcmCredential? Current => null;

        public Exception? Failure { get; init; }

        /// <summary>The token of the first caller.</summary>
        public Task<CancellationToken> Asked => _asked.Task;

        public override ValueTask<AcmCredential> GetAsync(CancellationToken cancellationToken = default)
        {
            _asked.TrySetResult(cancellationToken);
            return Failure is null ? new(_answer.Task) : new(Task.FromException<AcmCredential>(Failure));
        }
    }
}
