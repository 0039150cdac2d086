using Acm.Client.Calls;
using Acm.Client.CloudApi;
using Acm.Client.Http;

namespace Acm.Client.Credentials;

/// <summary>What the providers of a source share: options, environment, clock, and connections, which are created on first use.</summary>
internal sealed class CredentialScope : IDisposable
{
    public const string DefaultSts = "sts.aliyuncs.com";

    private const string StsName = "STS";
    private const string StsVersion = "2015-04-01";

    /// <summary>Time-outs of STS: below the default time-out of a call, so that the call reports why its credentials failed.</summary>
    private static readonly TimeSpan StsTry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StsTotal = TimeSpan.FromSeconds(9);

    private readonly object _gate = new();
    private readonly Dictionary<ServerAddress, RpcClient> _sts = [];
    private readonly TlsVerification _tls;
    private readonly Func<double> _random;
    private readonly Func<string, string?> _variable;
    private readonly string _home;
    private readonly ProxyRoute _proxy;
    private HttpExchange? _web;
    private HttpExchange? _direct;

    /// <param name="options">The options of the source.</param>
    /// <param name="clock">Source of time.</param>
    /// <param name="random">Source of jitter: numbers from 0 to 1.</param>
    /// <param name="variable">Returns the value of an environment variable; null if it is not set.</param>
    /// <param name="home">The user's home folder; empty if there is none.</param>
    /// <exception cref="ArgumentException">An endpoint, the proxy or the CA certificate file is not valid.</exception>
    public CredentialScope(CredentialSourceOptions options, TimeProvider clock, Func<double> random, Func<string, string?> variable, string home)
    {
        Options = options;
        Clock = clock;
        _home = home;
        _random = random;
        _variable = variable;
        _tls = RpcClient.Trust(options.CaCertificatePath);
        GivenSts = options.StsEndpoint is { } sts ? RpcService.ParseAddress(StsName, sts) : null;
        _proxy = ProxyRoute.From(options.Proxy);
        MetadataAddress = MetadataEndpoint.Parse(options.MetadataEndpoint);
    }

    public CredentialSourceOptions Options { get; }

    public TimeProvider Clock { get; }

    public ServerAddress MetadataAddress { get; }

    private ServerAddress? GivenSts { get; }

    private CallLog Log => new(Options.Log, null);

    /// <summary>Returns the current value of an environment variable; null if it is not set or empty.</summary>
    public string? Variable(string name) => _variable(name) is { Length: > 0 } value ? value : null;

    /// <summary>Returns whether an environment variable is <c>true</c>.</summary>
    public bool Flag(string name) => string.Equals(Variable(name), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns the path of a file in a folder of the user's home.</summary>
    /// <exception cref="AcmException">There is no home folder. A relative path could belong to another user.</exception>
    public string InHome(string folder, string file) =>
        _home.Length > 0 ? Path.Combine(_home, folder, file) : throw CredentialErrors.None($"This user has no home folder to look for {folder} in.", "Set HOME.");

    /// <summary>Calls an operation of STS.</summary>
    /// <param name="call">The operation.</param>
    /// <param name="region">The region of STS; null for that of the environment, otherwise the central one. A specified endpoint takes precedence.</param>
    /// <param name="vpc">Whether to use the VPC endpoint.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public Task<RpcAnswer> StsAsync(RpcCall call, string? region, bool vpc, CancellationToken cancellationToken)
    {
        ServerAddress address = GivenSts ?? StsAddress(region ?? Variable("ALIBABA_CLOUD_STS_REGION"), vpc || Flag("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED"));
        RpcClient? client;
        lock (_gate)
        {
            if (!_sts.TryGetValue(address, out client))
            {
                client = new RpcClient(new RpcService(StsName, StsVersion, address), _tls, StsTry, StsTotal, Clock, _random, _proxy);
                _sts.Add(address, client);
            }
        }

        return client.CallAsync(call, Log, cancellationToken);
    }

    /// <summary>Sends a request to the metadata service, never through a proxy, which would answer for another machine.</summary>
    public Task<WireResponse> MetadataAsync(HttpRequestMessage message, TimeSpan limit, CancellationToken cancellationToken)
    {
        return SendAsync(Direct(), MetadataAddress, message, limit, cancellationToken);
    }

    /// <summary>Sends a request to another service. A loopback address never uses a proxy, so that its secrets stay on this machine.</summary>
    public Task<WireResponse> WebAsync(HttpRequestMessage message, TimeSpan limit, CancellationToken cancellationToken)
    {
        Uri uri = message.RequestUri!;
        return SendAsync(Web(), new ServerAddress(uri.Host.Trim('[', ']'), uri.Port, uri.Scheme == "https"), message, limit, cancellationToken);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (RpcClient client in _sts.Values) client.Dispose();
            _web?.Dispose();
            _direct?.Dispose();
        }
    }

    internal static ServerAddress StsAddress(string? region, bool vpc)
    {
        if (region is null) return ServerAddress.Parse(DefaultSts, tls: true, AddressDefaults.None);

        // The region becomes part of a host name, so other characters are rejected.
        if (!region.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')) throw CredentialErrors.None($"The STS region '{region}' is not a valid region ID, such as cn-hangzhou.");
        return ServerAddress.Parse($"{(vpc ? "sts-vpc" : "sts")}.{region}.aliyuncs.com", tls: true, AddressDefaults.None);
    }

    private HttpExchange Direct()
    {
        lock (_gate) return _direct ??= new HttpExchange(_tls, clientCertificate: null, ProxyRoute.Direct);
    }

    private HttpExchange Web()
    {
        lock (_gate) return _web ??= new HttpExchange(_tls, clientCertificate: null, _proxy);
    }

    private async Task<WireResponse> SendAsync(HttpExchange http, ServerAddress server, HttpRequestMessage message, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            return await Clock.WithinAsync(limit, (request, token) => http.SendAsync(server, request, HttpExchange.MaxAnswer, token), message, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeLimitException e)
        {
            throw HttpFailure.TimedOut(server, limit, e);
        }
    }
}
