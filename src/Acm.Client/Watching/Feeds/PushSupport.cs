using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Protocol;
using Acm.Client.Servers;

namespace Acm.Client.Watching.Feeds;

/// <summary>
/// Records whether the servers of a connection push changes over gRPC. After a refusal another transport stands in, and gRPC is tried again in the background after a pause that grows. Thread-safe.
/// </summary>
internal sealed class PushSupport
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private readonly object _gate = new();
    private readonly IPushLinks _links;
    private readonly ServerPool _pool;
    private readonly CallLog _log;
    private readonly TimeProvider _clock;
    private readonly CancellationToken _ending;
    private TimeSpan _pause = ShortestPause;
    private TimeSpan _nextPause = ShortestPause;
    private long _refusedAt;
    private bool _isRefused;
    private Task _check = Task.CompletedTask;
    private PushFallBack? _fallBack;

    /// <param name="links">Connects to the servers.</param>
    /// <param name="pool">The servers.</param>
    /// <param name="log">The log of the connection; null for none.</param>
    /// <param name="clock">Source of time.</param>
    /// <param name="ending">Canceled when the connection is closed, which ends a check in the background.</param>
    public PushSupport(IPushLinks links, ServerPool pool, IAcmLog? log, TimeProvider clock, CancellationToken ending)
    {
        _links = links;
        _pool = pool;
        _log = new CallLog(log, null);
        _clock = clock;
        _ending = ending;
    }

    /// <summary>Gets whether gRPC is to be tried: the last attempts were not refused by all servers.</summary>
    public bool IsReady
    {
        get
        {
            lock (_gate) return !_isRefused;
        }
    }

    /// <summary>Gets why another transport stands in; null while gRPC is to be tried.</summary>
    public PushFallBack? FallBack
    {
        get
        {
            lock (_gate) return _isRefused ? _fallBack : null;
        }
    }

    /// <summary>Gets the check that runs in the background, or ran last.</summary>
    public Task Check
    {
        get
        {
            lock (_gate) return _check;
        }
    }

    /// <summary>Gets the number of servers; 0 before the address server was asked.</summary>
    public int ServerCount => _pool.Directory.Servers.Count;

    /// <summary>Returns the next server to connect to.</summary>
    /// <param name="tried">The servers that were tried in this round.</param>
    /// <param name="lost">The server whose connection was lost last, which is tried after the others; null for none.</param>
    /// <param name="wantedHost">A host that is tried first if the list has it; null for none.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<ServerAddress> PickAsync(ICollection<ServerAddress> tried, ServerAddress? lost, string? wantedHost, CancellationToken cancellationToken)
    {
        await _pool.Directory.EnsureAsync(_log, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<ServerAddress> servers = _pool.Directory.Servers.Snapshot();
        if (servers.All(tried.Contains)) tried.Clear();
        return servers.FirstOrDefault(server => server.Host == wantedHost && server != lost && !tried.Contains(server))
            ?? servers.FirstOrDefault(server => server != lost && !tried.Contains(server))
            ?? servers.First(server => !tried.Contains(server));
    }

    /// <summary>Connects to a server.</summary>
    /// <exception cref="AcmException">The server does not push, is unreachable, or refused.</exception>
    public Task<IPushLink> OpenAsync(ServerAddress server, string @namespace, CancellationToken cancellationToken) => _links.OpenAsync(server, @namespace, _log, cancellationToken);

    /// <summary>Makes reads over HTTP prefer a server that pushes.</summary>
    public void Prefer(ServerAddress server) => _pool.Directory.Servers.Prefer(server);

    /// <summary>Notes that a server pushes now, maybe only for a moment: the stand-in ends, and gRPC is tried again soon after the next refusal.</summary>
    public void NoteConnected()
    {
        lock (_gate)
        {
            _isRefused = false;
            _nextPause = ShortestPause;
        }
    }

    /// <summary>Notes that a server keeps pushing: the next refusal is reported again, and its pause is a short one.</summary>
    public void NoteWorks()
    {
        lock (_gate)
        {
            _isRefused = false;
            _fallBack = null;
            _nextPause = ShortestPause;
        }
    }

    /// <summary>Notes that no server pushes now.</summary>
    public void NoteRefused(AcmException error)
    {
        lock (_gate)
        {
            if (_isRefused) return;

            Refuse(error.Kind == AcmErrorKind.CapabilityMissing ? LongestPause : _nextPause);
            string reason = error.Advice is { } advice ? $"{error.Message} {advice}" : error.Message;
            if (_fallBack is { } earlier && earlier.IsNews != error.IsBeyondVersion) earlier.Reason = reason;
            else _fallBack = new PushFallBack(reason, isNews: !error.IsBeyondVersion);
        }
    }

    /// <summary>Returns whether gRPC can be used again. If a check is due, it begins in the background, and a later call returns its result.</summary>
    public bool IsBack(string @namespace)
    {
        lock (_gate)
        {
            if (!_isRefused) return true;
            if (!_check.IsCompleted || _ending.IsCancellationRequested || _clock.GetElapsedTime(_refusedAt) < _pause) return false;

            _check = Task.Run(() => LookAsync(@namespace), CancellationToken.None);
            return false;
        }
    }

    private async Task LookAsync(string @namespace)
    {
        bool isBack = false;
        try
        {
            foreach (ServerAddress server in _pool.Directory.Servers.Snapshot())
            {
                isBack = await TryAsync(server, @namespace).ConfigureAwait(false);
                if (isBack || _ending.IsCancellationRequested) break;
            }
        }
        finally
        {
            lock (_gate)
            {
                if (isBack) _isRefused = false;
                else Refuse(_nextPause);
            }
        }
    }

    private async Task<bool> TryAsync(ServerAddress server, string @namespace)
    {
        try
        {
            (await OpenAsync(server, @namespace, _ending).ConfigureAwait(false)).Dispose();
            return true;
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException && _ending.IsCancellationRequested)
        {
            // The connection was closed meanwhile: nothing uses the result.
            return false;
        }
        catch (AcmException e)
        {
            _log.Write(AcmLogLevel.Verbose, e.Message);
            return false;
        }
#pragma warning disable CA1031 // Nobody awaits this: the log is the only place for the exception.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _log.Write(AcmLogLevel.Warning, $"{server} could not be checked for gRPC: {e}");
            return false;
        }
    }

    // Called under the gate. The pause after this one is twice as long.
    private void Refuse(TimeSpan pause)
    {
        _isRefused = true;
        _refusedAt = _clock.GetTimestamp();
        _pause = pause;
        TimeSpan longer = pause + pause;
        _nextPause = longer < LongestPause ? longer : LongestPause;
    }
}
