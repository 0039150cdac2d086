using System.Threading.Channels;
using Acm.Client;
using Acm.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Watching;

/// <summary>A watched key with a failover file, whose checks the test controls.</summary>
internal sealed class WatchedFile : IAsyncDisposable
{
    private readonly LookClock _clock = new();
    private readonly PollingServer _server = new(("app", "server"));
    private readonly AcmClient _client;
    private ConfigWatcher? _watcher;

    private WatchedFile(string folder)
    {
        Path = System.IO.Path.Combine(folder, "ns-0001", "_default", "app");
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        _client = Clients.With(WatchClock.Options(_server.Http) with { FailoverPath = folder }, _clock);
    }

    public string Path { get; }

    public ChangeLog Log { get; } = new();

    /// <summary>Starts watching, and waits for the first value and the first check; otherwise the test's next change could become the initial value.</summary>
    public static async Task<WatchedFile> BeginAsync(string folder, string? content)
    {
        var file = new WatchedFile(folder);
        if (content is not null) file.Write(content);
        file._watcher = file._client.Watch([new ConfigKey("app")], file.Log.TakeAsync);
        await file.Log.ExpectAsync(ConfigChangeKind.Initial, "app", content ?? "server");
        await file._clock.RestingAsync();
        return file;
    }

    public void Write(string text) => File.WriteAllText(Path, text);

    /// <summary>Triggers a check of the folder, and waits until the next check of the file is scheduled.</summary>
    public async Task LookAsync()
    {
        await _clock.PassAsync(TimeSpan.FromSeconds(1));
        await _clock.SettlingAsync();
    }

    /// <summary>Triggers another check of the file.</summary>
    public Task LookAgainAsync() => _clock.PassAsync(LookClock.FileSettles);

    public async ValueTask DisposeAsync()
    {
        _watcher?.Dispose();
        _client.Dispose();
        await _server.DisposeAsync();
    }

    /// <summary>A stopped clock on which a test can wait for the pauses between checks.</summary>
    private sealed class LookClock : FakeTimeProvider
    {
        public static readonly TimeSpan FileSettles = TimeSpan.FromMilliseconds(200);

        private readonly Channel<TimeSpan> _rests = Channel.CreateUnbounded<TimeSpan>();
        private readonly Channel<TimeSpan> _settling = Channel.CreateUnbounded<TimeSpan>();

        /// <summary>Waits until a pause of this length starts, and lets it elapse.</summary>
        public async Task PassAsync(TimeSpan pause)
        {
            await Clients.InTime((pause == FileSettles ? _settling : _rests).Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask());
            Advance(pause);
        }

        /// <summary>Waits until the folder was checked.</summary>
        public async Task RestingAsync() => await Clients.InTime(_rests.Reader.WaitToReadAsync(TestContext.Current.CancellationToken).AsTask());

        /// <summary>Waits until the next check of a file is scheduled.</summary>
        public async Task SettlingAsync() => await Clients.InTime(_settling.Reader.WaitToReadAsync(TestContext.Current.CancellationToken).AsTask());

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ITimer timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime == FileSettles) _settling.Writer.TryWrite(dueTime);
            else if (dueTime == TimeSpan.FromSeconds(1)) _rests.Writer.TryWrite(dueTime);
            return timer;
        }
    }
}
