using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Protocol;
using Acm.Client.Servers;

namespace Acm.Client.Watching.Feeds;

/// <summary>
/// Whether the servers of a connection push changes over gRPC, as the last tries showed. After a refusal another transport stands in; whether gRPC can be had again is looked at beside it, after a
/// pause that grows. Thread-safe.
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
    private TimeSpan _pause = ShortestPause;
    private long _refusedAt;
    private bool _isRefused;
    private bool _isLooking;
    private bool _isTold;
    private string? _notice;

    public PushSupport(IPushLinks links, ServerPool pool, IAcmLog? log, TimeProvider clock)
    {
        _links = links;
        _pool = pool;
        _log = new CallLog(log, null);
        _clock = clock;
    }

    /// <summary>Whether gRPC is to be tried: it was not refused by all servers the last time.</summary>
    public bool IsReady
    {
        get
        {
            lock (_gate) return !_isRefused;
        }
    }

    /// <summary>How many servers there are; 0 before the address server was asked.</summary>
    public int ServerCount => _pool.Directory.Servers.Count;

    /// <summary>The next server to connect to.</summary>
    /// <param name="tried">Those that were tried in this round.</param>
    /// <param name="lost">The one whose connection was lost last, which comes after the others; null for none.</param>
    /// <param name="wantedHost">A host that goes first where it is in the list; null for none.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<ServerAddress> PickAsync(ICollection<ServerAddress> tried, ServerAddress? lost, string? wantedHost, CancellationToken cancellationToken)
    {
        await _pool.Directory.EnsureAsync(_log, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<ServerAddress> servers = _pool.Directory.Servers.Snapshot();
        if (servers.All(tried.Contains)) tried.Clear();
        return servers.FirstOrDefault(server => server.Host == wantedHost)
            ?? servers.FirstOrDefault(server => server != lost && !tried.Contains(server))
            ?? servers.First(server => !tried.Contains(server));
    }

    /// <summary>Connects to a server.</summary>
    /// <exception cref="AcmException">It does not push, can't be reached, or refuses.</exception>
    public Task<IPushLink> OpenAsync(ServerAddress server, string @namespace, CancellationToken cancellationToken) => _links.OpenAsync(server, @namespace, _log, cancellationToken);

    /// <summary>Has a server that pushes asked over HTTP as well.</summary>
    public void Prefer(ServerAddress server) => _pool.Directory.Servers.Prefer(server);

    /// <summary>Notes that a server pushes now, be it for a moment: what stands in gives way, and gRPC is looked at soon after the next refusal.</summary>
    public void NoteConnected()
    {
        lock (_gate)
        {
            _isRefused = false;
            _pause = ShortestPause;
            _notice = null;
        }
    }

    /// <summary>Notes that a server goes on pushing: the next refusal is told anew, and its pause is a short one.</summary>
    public void NoteWorks()
    {
        lock (_gate)
        {
            _isRefused = _isTold = false;
            _notice = null;
            _pause = ShortestPause;
        }
    }

    /// <summary>Notes that no server pushes now.</summary>
    public void NoteRefused(AcmException error)
    {
        lock (_gate)
        {
            if (_isRefused) return;

            Refuse(error.Kind == AcmErrorKind.CapabilityMissing ? LongestPause : _pause);

            // That a version has no such port is no news.
            if (!_isTold && error.Kind != AcmErrorKind.CapabilityMissing) _notice = error.Message;
        }
    }

    /// <summary>Why another transport stands in, for people to know, once; null where there is nothing to tell.</summary>
    public string? TakeNotice()
    {
        lock (_gate)
        {
            string? notice = _notice;
            _isTold |= notice is not null;
            _notice = null;
            return notice;
        }
    }

    /// <summary>Whether gRPC can be had again. Where a look at it is due, one is begun, and a later call tells what it showed.</summary>
    public bool IsBack(string @namespace)
    {
        lock (_gate)
        {
            if (!_isRefused) return true;
            if (_isLooking || _clock.GetElapsedTime(_refusedAt) < _pause) return false;

            _isLooking = true;
        }

        _ = Task.Run(() => LookAsync(@namespace), CancellationToken.None);
        return false;
    }

    private async Task LookAsync(string @namespace)
    {
        bool isBack = false;
        try
        {
            foreach (ServerAddress server in _pool.Directory.Servers.Snapshot())
            {
                isBack = await TryAsync(server, @namespace).ConfigureAwait(false);
                if (isBack) break;
            }
        }
        finally
        {
            lock (_gate)
            {
                _isLooking = false;
                if (isBack) _isRefused = false;
                else Refuse(_pause);
            }
        }
    }

    private async Task<bool> TryAsync(ServerAddress server, string @namespace)
    {
        try
        {
            (await OpenAsync(server, @namespace, CancellationToken.None).ConfigureAwait(false)).Dispose();
            return true;
        }
        catch (AcmException e)
        {
            _log.Write(AcmLogLevel.Verbose, e.Message);
            return false;
        }
    }

    // Called under the gate. The next pause is twice as long.
    private void Refuse(TimeSpan pause)
    {
        _isRefused = true;
        _refusedAt = _clock.GetTimestamp();
        TimeSpan longer = pause + pause;
        _pause = longer < LongestPause ? longer : LongestPause;
    }
}
