using Acm.Client.Http;
using Acm.Client.Protocol;

namespace Acm.Client.Watching;

/// <summary>Asks the servers, one after the other where they fail, for one batch.</summary>
internal sealed class WatchPoller
{
    /// <summary>What an answer may come late by. The peers have 10 s.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    private readonly HashSet<ServerAddress> _tried = [];
    private readonly WatchHub _hub;
    private readonly string _namespace;
    private int _failures;

    public WatchPoller(WatchHub hub, string @namespace)
    {
        _hub = hub;
        _namespace = @namespace;
    }

    /// <summary>The keys that a server holds another value of.</summary>
    /// <param name="body">The keys. Not to be changed until the answer is there.</param>
    /// <param name="hold">How long the server is to wait for a change; null for not at all.</param>
    /// <param name="cancellationToken">Ends the poll.</param>
    /// <exception cref="AcmException">The one server that was asked did not answer.</exception>
    public async Task<IReadOnlyList<ConfigKey>> AskAsync(IProbeBody body, TimeSpan? hold, CancellationToken cancellationToken)
    {
        TimeSpan limit = hold is { } time ? time + Margin : _hub.TryTimeout;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _hub.Ending);
        IReadOnlyList<ConfigKey> keys = await _hub.Pool.TryOnceAsync(
            _hub.Protocol.Probe(_namespace, body, hold), response => _hub.Protocol.ReadProbe(response, _namespace), _tried, limit, either.Token).ConfigureAwait(false);
        _failures = 0;
        _tried.Clear();
        return keys;
    }

    /// <summary>Whether another server is to be asked at once. When all of them failed, or the failure settles it, there is a pause first.</summary>
    public bool GoesOn(Exception error)
    {
        bool isFinal = error is not AcmException { IsFinal: false };
        if (!isFinal && ++_failures < _hub.Pool.Directory.Servers.Count) return true;

        _failures = 0;
        _tried.Clear();
        return false;
    }
}
