using Acm.Client;

namespace Acm.Tests.Support;

/// <summary>Clients for tests: direct, impatient, without local stores and without chance.</summary>
internal static class Clients
{
    public static readonly TimeSpan Deadline = ModuleShell.Deadline;

    public static readonly AcmCredential Credential = new("ak-test-0001", "sk-test-secret-0001");

    public static AcmClientOptions Options(params ScriptedServer[] servers) => new()
    {
        Endpoint = string.Join(",", servers.Select(server => server.Address)),
        Direct = true,
        Namespace = "ns-0001",
        NoSnapshot = true,
    };

    public static AcmClient For(params ScriptedServer[] servers) => With(Options(servers));

    /// <summary>A client whose pauses have no random part: each is the shortest that the rules allow.</summary>
    public static AcmClient With(AcmClientOptions options, TimeProvider? clock = null) => new(options, clock, () => 0);

    public static async Task<AcmException> FailsAsync(Task work)
    {
        AcmException error = await Assert.ThrowsAsync<AcmException>(() => work.WaitAsync(Deadline, TestContext.Current.CancellationToken));
        Canary.AssertAbsent($"{error} {error.Advice}", "an error");
        return error;
    }

    /// <summary>Waits until the status of a watcher's first key meets a condition.</summary>
    public static async Task<WatchedKey> StatusAsync(ConfigWatcher watcher, Func<WatchedKey, bool> isIt)
    {
        WatchedKey? status = null;
        await Polling.UntilAsync(() => isIt(status = watcher.Status()[0]));
        return status!;
    }

    public static async Task<T> InTime<T>(Task<T> work) => await work.WaitAsync(Deadline, TestContext.Current.CancellationToken);
}
