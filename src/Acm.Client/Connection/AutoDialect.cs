using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Local;
using Acm.Client.Protocol;
using Acm.Client.Protocol.Diamond;
using Acm.Client.Protocol.Nacos;

namespace Acm.Client;

/// <summary>
/// Detects which of two dialects the servers of a connection use. The first call detects it; the result is kept, and detected again if a server answers like one of the other dialect. Thread-safe.
/// </summary>
internal sealed class AutoDialect : IDisposable
{
    private readonly SemaphoreSlim _finding = new(1);
    private readonly Dialect _acm;
    private readonly Dialect _nacos;
    private readonly NacosLinks _nacosLinks;
    private readonly ServerMemory? _memory;
    private Dialect? _found;

    /// <param name="acm">The ACM dialect.</param>
    /// <param name="nacos">The Nacos dialect.</param>
    /// <param name="nacosLinks">The links of the Nacos dialect, which detect whether a server is Nacos.</param>
    /// <param name="memory">Stores the result; null for none.</param>
    public AutoDialect(Dialect acm, Dialect nacos, NacosLinks nacosLinks, ServerMemory? memory)
    {
        _acm = acm;
        _nacos = nacos;
        _nacosLinks = nacosLinks;
        _memory = memory;
    }

    /// <summary>Gets the detected dialect; null before the first call.</summary>
    public Dialect? Found => Volatile.Read(ref _found);

    /// <summary>Gets the detected dialect; before that, the one an earlier connection detected, otherwise Nacos.</summary>
    public Dialect Assumed => Found ?? (_memory?.ServerType == AcmServerType.Acm ? _acm : _nacos);

    /// <summary>Gets the server type that this or an earlier connection detected; null if unknown.</summary>
    public AcmServerType? Known => Found is { } found ? TypeOf(found) : _memory?.ServerType;

    public string? ProxyFor(ServerAddress server) => _nacos.Links.ProxyFor(server);

    /// <summary>Returns the dialect, and detects it with the given server if it is unknown.</summary>
    /// <exception cref="AcmException">The server did not answer, or its dialect cannot be determined.</exception>
    public ValueTask<Dialect> FindAsync(ServerAddress server, CallLog log, CancellationToken cancellationToken) =>
        Found is { } found ? new(found) : new(AskAsync(server, log, instead: null, cancellationToken));

    /// <summary>Detects the dialect again, after the server answered like one of another dialect.</summary>
    /// <param name="server">The server.</param>
    /// <param name="doubted">The dialect that was used.</param>
    /// <param name="log">The log of the call.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public Task<Dialect> FindAgainAsync(ServerAddress server, Dialect doubted, CallLog log, CancellationToken cancellationToken) => AskAsync(server, log, doubted, cancellationToken);

    public void Dispose()
    {
        _acm.Links.Dispose();
        _nacos.Links.Dispose();
        _finding.Dispose();
    }

    /// <summary>Returns whether a link belongs to a dialect.</summary>
    public bool IsOf(Dialect dialect, IServerLink link) => link is NacosLink == (dialect == _nacos);

    private AcmServerType TypeOf(Dialect dialect) => dialect == _acm ? AcmServerType.Acm : AcmServerType.Nacos;

    private async Task<Dialect> AskAsync(ServerAddress server, CallLog log, Dialect? instead, CancellationToken cancellationToken)
    {
        await _finding.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Another call may have detected it while this one waited.
            if (_found is { } other && other != instead) return other;

            Dialect found = await LookAsync(server, log, cancellationToken).ConfigureAwait(false);
            if (found == _found) return found;

            Volatile.Write(ref _found, found);
            if (log.IsEnabled(AcmLogLevel.Verbose)) log.Write(AcmLogLevel.Verbose, found == _acm ? $"{server} is an ACM server: it does not support Nacos requests, and its response to a read is ACM's." : $"{server} is Nacos {_nacosLinks.Known?.Version}.");
            Keep(TypeOf(found), log);
            return found;
        }
        finally
        {
            _finding.Release();
        }
    }

    /// <summary>Detects the dialect anonymously: sending the credentials of one dialect to a server of the other would reveal them.</summary>
    private async Task<Dialect> LookAsync(ServerAddress server, CallLog log, CancellationToken cancellationToken)
    {
        if (await _nacosLinks.IsNacosAsync(server, log, cancellationToken).ConfigureAwait(false)) return _nacos;
        if (await DiamondDetection.New().RunAsync(_acm.Links.OpenAnonymous(server, log), cancellationToken).ConfigureAwait(false)) return _acm;

        throw new AcmException(AcmErrorKind.CapabilityMissing, $"Cannot determine whether {server} is ACM or Nacos: it does not report a version, and its response to a read is not ACM's.")
        {
            Advice = "Check the host, port and context path (default: /nacos), or specify the server type.",
            Option = nameof(AcmClientOptions.ServerType),
            IsFinal = true,
        };
    }

    private void Keep(AcmServerType type, CallLog log)
    {
        try
        {
            _memory?.Keep(type);
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.StorageFailed)
        {
            log.Write(AcmLogLevel.Verbose, $"The server type could not be saved: {e.Message}");
        }
    }
}
