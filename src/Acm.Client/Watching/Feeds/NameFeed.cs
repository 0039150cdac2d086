using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Protocol;
using Acm.Client.Text;

namespace Acm.Client.Watching.Feeds;

/// <summary>
/// Tells which keys of one namespace match patterns: a server tells of them as they are created (the fuzzy watch of Nacos 3), or the list is read at an interval where it does not. Servers watch few patterns,
/// and few matches of each. One caller at a time.
/// </summary>
internal sealed class NameFeed : IDisposable
{
    /// <summary>What a server refused is asked for again after this time. Its limits are shared by all its clients.</summary>
    private static readonly TimeSpan RefusalPause = TimeSpan.FromMinutes(5);

    /// <summary>A connection that is lost sooner is not replaced at once.</summary>
    private static readonly TimeSpan ShortLife = TimeSpan.FromSeconds(10);

    /// <summary>A server tells of no more matches of a pattern.</summary>
    private const int MostMatches = 500;

    private readonly HashSet<ConfigKey> _told = [];
    private readonly PushSupport? _push;
    private readonly Func<CancellationToken, Task<IReadOnlyList<ConfigKey>>> _list;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _clock;
    private readonly CallLog _log;
    private readonly string _namespace;
    private readonly HashSet<ConfigKey> _patterns;
    private ServerAddress? _server;
    private IPushLink? _link;
    private long _connectedAt;
    private long _refusedAt;
    private bool _isRefused;

    /// <param name="push">Connects to servers that push; null where there are none.</param>
    /// <param name="filters">Which names. A filter that a pattern of a server cannot express is widened: more may be told than it selects.</param>
    /// <param name="list">Reads the list.</param>
    /// <param name="interval">How long to wait before each reading of the list.</param>
    /// <param name="clock">Source of time.</param>
    /// <param name="log">Where lines go.</param>
    /// <param name="namespace">The namespace.</param>
    public NameFeed(PushSupport? push, IEnumerable<ConfigFilter> filters, Func<CancellationToken, Task<IReadOnlyList<ConfigKey>>> list, TimeSpan interval, TimeProvider clock, CallLog log, string @namespace)
    {
        _push = push;
        _list = list;
        _interval = interval;
        _clock = clock;
        _log = log;
        _namespace = @namespace;
        _patterns = [.. filters.Select(filter => new ConfigKey(Widen(filter.DataId), Widen(filter.Group)))];
    }

    /// <summary>Whether a server tells of names at present.</summary>
    public bool IsPushed => _link is not null;

    /// <summary>Waits until there may be new names.</summary>
    /// <returns>Names that exist. They may have been told before.</returns>
    /// <exception cref="AcmException">The list cannot be read. A later call may succeed.</exception>
    public async Task<IReadOnlyCollection<ConfigKey>> NextAsync(CancellationToken cancellationToken)
    {
        bool mayConnect = _link is null && _push is { IsReady: true } && !(_isRefused && _clock.GetElapsedTime(_refusedAt) < RefusalPause);
        if (_push is { } push && (_link is not null || mayConnect))
        {
            try
            {
                _link ??= await ConnectAsync(push, cancellationToken).ConfigureAwait(false);
                IReadOnlyCollection<ConfigKey> names = await _link.WaitForNamesAsync(cancellationToken).ConfigureAwait(false);
                _told.UnionWith(names);
                if (_told.Count >= MostMatches) Refuse($"{_link.Server} may not report more names.");
                return names;
            }
            catch (AcmException e)
            {
                if (IsLoss(e)) return [];
            }
        }

        await _clock.PauseAsync(_interval, cancellationToken).ConfigureAwait(false);
        return await _list(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _link?.Dispose();
        _link = null;
    }

    /// <summary>The pattern of a server that matches what a pattern of the client does, and maybe more: its stars are at the ends alone.</summary>
    internal static string Widen(string? pattern)
    {
        if (string.IsNullOrEmpty(pattern)) return "*";

        string text = pattern!;
        int start = text[0] == '*' ? 1 : 0;
        int end = text.Length > 1 && text[text.Length - 1] == '*' ? text.Length - 1 : text.Length;
        if (!NamePattern.HasWildcards(text.Substring(start, Math.Max(0, end - start))) && text.IndexOf('>') < 0) return text;

        int literal = text.IndexOfAny(['*', '?', '>']);
        return text.Substring(0, literal) + "*";
    }

    private async Task<IPushLink> ConnectAsync(PushSupport push, CancellationToken cancellationToken)
    {
        // What was told on a connection before may have been removed since.
        _told.Clear();
        ServerAddress server = await push.PickAsync([], _server, wantedHost: null, cancellationToken).ConfigureAwait(false);
        _server = server;
        IPushLink link = await push.OpenAsync(server, _namespace, cancellationToken).ConfigureAwait(false);
        try
        {
            await link.WatchNamesAsync(_patterns, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            link.Dispose();
            throw;
        }

        _connectedAt = _clock.GetTimestamp();
        _isRefused = false;
        _log.Write(AcmLogLevel.Verbose, $"{link.Server} reports new names that match the patterns.");
        return link;
    }

    /// <summary>Notes that a server does not tell of names any more.</summary>
    /// <returns>Whether a connection that worked was lost, so that another one is tried at once.</returns>
    private bool IsLoss(AcmException error)
    {
        bool worked = _link is not null && _clock.GetElapsedTime(_connectedAt) >= ShortLife;

        // A server that cannot be reached is tried again with each reading of the list; one that refused is left alone for longer.
        if (error.Option != nameof(AcmClientOptions.GrpcPort) || error.Kind is AcmErrorKind.InvalidResponse or AcmErrorKind.CapabilityMissing) Refuse(error.Message);
        else _log.Write(AcmLogLevel.Verbose, $"{error.Message} The list is read for names that match the patterns.");
        Dispose();
        return worked && !_isRefused;
    }

    private void Refuse(string reason)
    {
        _isRefused = true;
        _refusedAt = _clock.GetTimestamp();
        Dispose();
        _log.Write(AcmLogLevel.Verbose, $"{reason} The list is read for names that match the patterns.");
    }
}
