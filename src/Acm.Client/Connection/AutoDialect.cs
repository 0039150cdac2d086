using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Local;
using Acm.Client.Protocol;
using Acm.Client.Protocol.Diamond;
using Acm.Client.Protocol.Nacos;

namespace Acm.Client;

/// <summary>
/// Which of two dialects the servers of a connection speak. The first call finds out; the answer stays, and is found out again where a call is answered as the other one's servers would. Thread-safe.
/// </summary>
internal sealed class AutoDialect : IDisposable
{
    private readonly SemaphoreSlim _finding = new(1);
    private readonly Dialect _acm;
    private readonly Dialect _nacos;
    private readonly NacosLinks _nacosLinks;
    private readonly ServerMemory? _memory;
    private Dialect? _found;

    /// <param name="acm">The dialect of ACM.</param>
    /// <param name="nacos">The dialect of Nacos.</param>
    /// <param name="nacosLinks">Its links, which tell whether a server is a Nacos.</param>
    /// <param name="memory">Where what was found is kept; null for nowhere.</param>
    public AutoDialect(Dialect acm, Dialect nacos, NacosLinks nacosLinks, ServerMemory? memory)
    {
        _acm = acm;
        _nacos = nacos;
        _nacosLinks = nacosLinks;
        _memory = memory;
    }

    /// <summary>The dialect that was found; null before the first call.</summary>
    public Dialect? Found => Volatile.Read(ref _found);

    /// <summary>The dialect that was found; before that the one of an earlier connection, else Nacos.</summary>
    public Dialect Assumed => Found ?? (_memory?.ServerType == AcmServerType.Acm ? _acm : _nacos);

    /// <summary>The kind of server that was found, now or by an earlier connection; null for none.</summary>
    public AcmServerType? Known => Found is { } found ? TypeOf(found) : _memory?.ServerType;

    public string? ProxyFor(ServerAddress server) => _nacos.Links.ProxyFor(server);

    /// <summary>The dialect; asks this server where it is not known.</summary>
    /// <exception cref="AcmException">The server did not answer, or what it is can't be told.</exception>
    public ValueTask<Dialect> FindAsync(ServerAddress server, CallLog log, CancellationToken cancellationToken) =>
        Found is { } found ? new(found) : new(AskAsync(server, log, instead: null, cancellationToken));

    /// <summary>The dialect; asks this server, because it answered as one of another dialect would.</summary>
    /// <param name="server">The server.</param>
    /// <param name="doubted">The dialect that it was asked in.</param>
    /// <param name="log">Where lines go.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public Task<Dialect> FindAgainAsync(ServerAddress server, Dialect doubted, CallLog log, CancellationToken cancellationToken) => AskAsync(server, log, doubted, cancellationToken);

    public void Dispose()
    {
        _acm.Links.Dispose();
        _nacos.Links.Dispose();
        _finding.Dispose();
    }

    /// <summary>Whether a link is one of a dialect's.</summary>
    public bool IsOf(Dialect dialect, IServerLink link) => link is NacosLink == (dialect == _nacos);

    private AcmServerType TypeOf(Dialect dialect) => dialect == _acm ? AcmServerType.Acm : AcmServerType.Nacos;

    private async Task<Dialect> AskAsync(ServerAddress server, CallLog log, Dialect? instead, CancellationToken cancellationToken)
    {
        await _finding.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Another call may have found out while this one waited.
            if (_found is { } other && other != instead) return other;

            Dialect found = await LookAsync(server, log, cancellationToken).ConfigureAwait(false);
            if (found == _found) return found;

            Volatile.Write(ref _found, found);
            if (log.IsEnabled(AcmLogLevel.Verbose)) log.Write(AcmLogLevel.Verbose, found == _acm ? $"{server} is an ACM server: it has none of the calls of Nacos, and answers a read as ACM does." : $"{server} is Nacos {_nacosLinks.Known?.Version}.");
            Keep(TypeOf(found), log);
            return found;
        }
        finally
        {
            _finding.Release();
        }
    }

    /// <summary>Asks what a server is. Who asks is not told: the keys of the one are the password of the other.</summary>
    private async Task<Dialect> LookAsync(ServerAddress server, CallLog log, CancellationToken cancellationToken)
    {
        if (await _nacosLinks.IsNacosAsync(server, log, cancellationToken).ConfigureAwait(false)) return _nacos;
        if (await DiamondDetection.New().RunAsync(_acm.Links.OpenAnonymous(server, log), cancellationToken).ConfigureAwait(false)) return _acm;

        throw new AcmException(AcmErrorKind.CapabilityMissing, $"Whether {server} is ACM or Nacos cannot be determined: it does not report a version, and does not answer a read as ACM does.")
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
