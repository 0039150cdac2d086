namespace Acm.Client.Protocol;

/// <summary>A connection on which a server pushes changes. Not thread-safe. Disposing it closes the connection without waiting.</summary>
internal interface IPushLink : IDisposable
{
    /// <summary>Gets the server, as <c>host:port</c>.</summary>
    string Server { get; }

    /// <summary>Gets when the server last sent something.</summary>
    DateTimeOffset LastContact { get; }

    /// <summary>Gets the server to which this one redirected its clients; null for none.</summary>
    string? Successor { get; }

    /// <summary>Listens to keys and compares their known values.</summary>
    /// <param name="known">The keys with the MD5 of the known value; null if none is known.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The keys with another value on the server.</returns>
    /// <exception cref="AcmException">The connection was lost, or the server rejected the request.</exception>
    Task<IReadOnlyList<ConfigKey>> ListenAsync(IReadOnlyList<KeyValuePair<ConfigKey, string?>> known, CancellationToken cancellationToken);

    /// <summary>Stops listening to keys.</summary>
    /// <exception cref="AcmException">The connection was lost, or the server rejected the request.</exception>
    Task StopListeningAsync(IReadOnlyCollection<ConfigKey> keys, CancellationToken cancellationToken);

    /// <summary>Subscribes to names that match patterns: existing ones, and new ones as they are created.</summary>
    /// <param name="patterns">Patterns of group and data ID with a star at the start or end.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.CapabilityMissing"/>: unsupported by the server; <see cref="AcmErrorKind.Throttled"/>: too many patterns or matches; otherwise the connection was lost, or the server rejected the request.</exception>
    Task WatchNamesAsync(IReadOnlyCollection<ConfigKey> patterns, CancellationToken cancellationToken);

    /// <summary>Waits until the server reports keys that match the patterns. A key may be reported again.</summary>
    /// <exception cref="AcmException">The connection was lost; reports may be missing.</exception>
    Task<IReadOnlyCollection<ConfigKey>> WaitForNamesAsync(CancellationToken cancellationToken);

    /// <summary>Waits until the server reports keys that may have changed.</summary>
    /// <exception cref="AcmException">The connection was lost; reports may be missing.</exception>
    Task<IReadOnlyCollection<ConfigKey>> WaitForChangesAsync(CancellationToken cancellationToken);
}
