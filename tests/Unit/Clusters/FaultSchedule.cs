using System.Collections.Concurrent;
using System.Globalization;
using Acm.Client;
using Acm.Client.Local;
using Acm.Tests.StandIns.Nacos;
using Acm.Tests.Support;

namespace Acm.Tests.Clusters;

/// <summary>
/// A run of random faults in a cluster of three nodes, of which one is always healthy and at most one serves old content, with a watching client, a writing client, and another writer of the
/// same configurations. The history of the database shows whether the client lost, overwrote or made up a value.
/// </summary>
internal sealed class FaultSchedule : IDisposable
{
    private const int Speed = 40;
    private const int Steps = 25;

    private static readonly ConfigKey[] Keys = [.. Enumerable.Range(0, 5).Select(i => new ConfigKey($"k{i}"))];

    private readonly TemporaryFiles _files = new();
    private readonly ClusterState _truth = new();
    private readonly ConcurrentQueue<ConfigChange> _told = new();
    private readonly List<string> _steps = [];
    private readonly HashSet<ConfigKey> _removed = [];
    private readonly Random _random;
    private readonly int _well;
    private FaultyNode[] _nodes = [];
    private int _step;

    public FaultSchedule(int seed)
    {
        _random = new Random(seed);
        _well = _random.Next(3);
    }

    public void Dispose()
    {
        // The background proof of an absence may set a snapshot aside after its client has ended.
        for (int tries = 1; ; tries++)
        {
            try
            {
                _files.Dispose();
                return;
            }
            catch (IOException) when (tries < 10)
            {
                continue;
            }
        }
    }

    /// <summary>Runs the schedule.</summary>
    /// <returns>The log of the run, to find the reason for a failure.</returns>
    public async Task<string> RunAsync()
    {
        _nodes = [.. Enumerable.Range(0, 3).Select(i => new FaultyNode(_truth) { Speed = Speed, IsFollower = i > 0 })];
        try
        {
            foreach (ConfigKey key in Keys.Take(4)) _truth.Write(key.DataId, "first of " + key.DataId, "other");
            using AcmClient watching = Connect(_files.Path);
            using AcmClient writing = Connect(snapshots: null);
            using ConfigWatcher watcher = watching.Watch(Keys, (change, _) =>
            {
                _told.Enqueue(change);
                return default;
            });
            await watcher.Ready.WaitAsync(Clients.Deadline, TestContext.Current.CancellationToken);
            for (_step = 1; _step <= Steps; _step++) await StepAsync(watching, writing);

            foreach (FaultyNode node in _nodes) node.Faults = new NodeFaults();
            foreach (ConfigKey key in Keys) _truth.Write(key.DataId, "last of " + key.DataId, "other");
            await Polling.UntilAsync(() => Keys.All(key => _told.LastOrDefault(change => change.DataId == key.DataId)?.Content == "last of " + key.DataId));
            foreach (ConfigKey key in Keys) CheckTold(key);
            await Polling.UntilAsync(() => watching.Watching.Snapshots.IsIdle);
            return string.Join("\n", _steps);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{e.GetType().Name}: {e.Message}\n{string.Join("\n", _steps)}", e);
        }
        finally
        {
            foreach (FaultyNode node in _nodes) await node.DisposeAsync();
        }
    }

    private AcmClient Connect(string? snapshots) => Clients.With(
        FaultyNode.Options(_nodes) with { TryTimeout = TimeSpan.FromSeconds(30), LongPollTimeout = TimeSpan.FromSeconds(30), NoSnapshot = snapshots is null, SnapshotPath = snapshots },
        new FastClock(Speed));

    private async Task StepAsync(AcmClient watching, AcmClient writing)
    {
        Disturb();
        ConfigKey key = Keys[_random.Next(Keys.Length)];
        string content = string.Create(CultureInfo.InvariantCulture, $"{key.DataId} of step {_step}");
        switch (_random.Next(7))
        {
            case 0:
                Note($"someone else publishes {key.DataId}");
                _truth.Write(key.DataId, content, "other");
                break;
            case 1:
                Note($"someone else removes {key.DataId}");
                _removed.Add(key);
                _truth.Write(key.DataId, null, "other");
                break;
            case 2:
                await RemoveAsync(writing, key);
                break;
            case 3:
                await PublishAsync(writing, key, content, new PublishOptions { IfMatch = _truth.Stored(key.DataId)?.Md5 });
                break;
            case 4:
                await RefusedAsync(writing, key, content);
                break;
            case 5:
                await GetAsync(watching, key);
                break;
            default:
                await PublishAsync(writing, key, content, options: null);
                break;
        }

        // A configuration that was never removed keeps its snapshot, whatever the servers return.
        var snapshots = new SnapshotStore(_files.Path, TimeProvider.System);
        foreach (ConfigKey kept in Keys.Take(4).Except(_removed)) Assert.NotEqual(SnapshotState.Absent, snapshots.Read("", kept).State);
    }

    /// <summary>Changes the fault of one of the two faulty nodes.</summary>
    private void Disturb()
    {
        int index = (_well + 1 + _random.Next(2)) % 3;
        FaultyNode node = _nodes[index];
        node.Faults = new NodeFaults();
        FaultyNode third = _nodes[3 - _well - index];
        bool mayBeOld = third.Faults.CutOff is null && third.Faults.Behind.IsEmpty;
        string fault;
        switch (_random.Next(10))
        {
            case 0:
                fault = "resets connections";
                node.Faults.Always = ScriptedReply.Reset;
                break;
            case 1:
                fault = "hangs";
                node.Faults.Always = ScriptedReply.Hang;
                break;
            case 2:
                fault = "answers with a broken status line";
                node.Faults.Always = ScriptedReply.Bytes("HTTP/1.1 0 \r\nContent-Length: 0\r\n\r\n", ReplyEnd.Close);
                break;
            case 3:
                fault = "is starting";
                node.Faults.Always = ScriptedReply.Text(500, "application/json", """{"resultCode":500,"errorCode":300,"message":"Server is starting,please try later."}""");
                break;
            case 4:
                fault = "denies all that it has";
                node.Faults.Denies = _ => true;
                break;
            case 5 when mayBeOld:
                fault = "is cut off";
                node.Faults.CutOff = _truth.Freeze();
                break;
            case 6 when mayBeOld:
                fault = "is behind";
                foreach (KeyValuePair<string, StoredVersion> old in _truth.Freeze()) node.Faults.Behind[old.Key] = old.Value;
                break;
            case 7:
                fault = "fails after a write";
                node.Faults.FailsAfterWriting = 1;
                break;
            case 8:
                fault = "is without a leader";
                node.Faults.NoLeader = true;
                break;
            default:
                fault = "is well";
                node.Faults.Busy = 2;
                break;
        }

        Note($"node {index} {fault}");
        _truth.Wake();
    }

    private async Task PublishAsync(AcmClient client, ConfigKey key, string content, PublishOptions? options)
    {
        StoredVersion? before = _truth.Stored(key.DataId);
        AcmException? error = await TryAsync($"publish of {key.DataId}{(options?.IfMatch is null ? "" : " if unchanged")}", client.PublishAsync(key, content, options));
        StoredVersion[] written = [.. _truth.History(key.DataId).Where(version => version.Content == content)];

        // Stored once after a success, never after a rejection, and at most once in any case.
        Assert.InRange(written.Length, error is null ? 1 : 0, error is null or { OutcomeUnknown: true } ? 1 : 0);
        if (options?.IfMatch is { } expected && written.Length == 1) Assert.Equal(expected, before?.Md5);
    }

    /// <summary>Publishes with the condition of an outdated value.</summary>
    private async Task RefusedAsync(AcmClient client, ConfigKey key, string content)
    {
        AcmException? error = await TryAsync($"publish of {key.DataId} if it was another", client.PublishAsync(key, content, new PublishOptions { IfMatch = "d41d8cd98f00b204e9800998ecf8427e" }));

        Assert.NotNull(error);
        Assert.DoesNotContain(_truth.History(key.DataId), version => version.Content == content);
    }

    private async Task RemoveAsync(AcmClient client, ConfigKey key)
    {
        _removed.Add(key);
        AcmException? error = await TryAsync($"removal of {key.DataId}", client.RemoveAsync(key));
        if (error is null) Assert.Null(_truth.Stored(key.DataId));
    }

    private async Task GetAsync(AcmClient client, ConfigKey key)
    {
        Task<AcmConfig> read = client.GetAsync(key);
        if (await TryAsync($"read of {key.DataId}", read) is not null) return;

        string content = (await read).Content;
        Assert.Contains(_truth.History(key.DataId), version => version.Content == content);
    }

    /// <summary>Asserts that the reported changes of a configuration happened in that order.</summary>
    private void CheckTold(ConfigKey key)
    {
        IReadOnlyList<StoredVersion> history = _truth.History(key.DataId);
        int last = -1;
        foreach (ConfigChange change in _told.Where(change => change.DataId == key.DataId))
        {
            // The initial absence is reported too.
            if (change.Content is null && last < 0) continue;

            StoredVersion? version = history.FirstOrDefault(version => version.Content == change.Content && version.Number > last);
            Assert.True(version is not null, $"'{change.Kind} {change.Content}' of {key.DataId} was told after change {last}, and did not happen then.");
            last = version!.Number;
        }
    }

    private async Task<AcmException?> TryAsync(string what, Task work)
    {
        try
        {
            await work.WaitAsync(Clients.Deadline, TestContext.Current.CancellationToken);
            Note($"{what}: done");
            return null;
        }
        catch (AcmException e)
        {
            Note($"{what}: {e.Kind}{(e.OutcomeUnknown ? ", outcome unknown" : "")}");
            return e;
        }
    }

    private void Note(string step) => _steps.Add(string.Create(CultureInfo.InvariantCulture, $"{_step}: {step}"));
}
