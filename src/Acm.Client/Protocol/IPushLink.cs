namespace Acm.Client.Protocol;

/// <summary>A connection on which a server tells of changes by itself. One caller at a time. Disposing it closes the connection, and waits for nothing.</summary>
internal interface IPushLink : IDisposable
{
    /// <summary>Where it leads, as <c>host:port</c>.</summary>
    string Server { get; }

    /// <summary>When the server was last heard of.</summary>
    DateTimeOffset LastContact { get; }

    /// <summary>The host of the server that this one told its clients to go to; null where it told nothing.</summary>
    string? Successor { get; }

    /// <summary>Listens to keys from now on, and compares what is known of them.</summary>
    /// <param name="known">Keys, and of each the MD5 of the value that is known; null where none is.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>Those of which the server has another value now.</returns>
    /// <exception cref="AcmException">The connection is lost, or the server refused.</exception>
    Task<IReadOnlyList<ConfigKey>> ListenAsync(IReadOnlyList<KeyValuePair<ConfigKey, string?>> known, CancellationToken cancellationToken);

    /// <summary>Listens to keys no more.</summary>
    /// <exception cref="AcmException">The connection is lost, or the server refused.</exception>
    Task StopListeningAsync(IReadOnlyCollection<ConfigKey> keys, CancellationToken cancellationToken);

    /// <summary>Has the server tell which keys match patterns: those that exist, and from now on each that is created.</summary>
    /// <param name="patterns">Patterns of group and data ID, in which a star stands at the start or at the end.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.CapabilityMissing"/>: the server does not; <see cref="AcmErrorKind.Throttled"/>: there are too many patterns or matches. Else the connection is lost, or the server refused.</exception>
    Task WatchNamesAsync(IReadOnlyCollection<ConfigKey> patterns, CancellationToken cancellationToken);

    /// <summary>Waits until the server has told of keys that match the patterns. It may name a key again.</summary>
    /// <exception cref="AcmException">The connection is lost: what was told on it may not be all.</exception>
    Task<IReadOnlyCollection<ConfigKey>> WaitForNamesAsync(CancellationToken cancellationToken);

    /// <summary>Waits until the server has told that keys may have changed.</summary>
    /// <exception cref="AcmException">The connection is lost: what was told on it may not be all.</exception>
    Task<IReadOnlyCollection<ConfigKey>> WaitForChangesAsync(CancellationToken cancellationToken);
}
