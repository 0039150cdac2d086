using Acm.Client.Calls;
using Acm.Client.CloudApi;
using Acm.Client.Http;

namespace Acm.Client.Credentials;

/// <summary>What the providers of one source share: options, environment, clock, and the connections by which they ask, made when first used.</summary>
internal sealed class CredentialScope : IDisposable
{
    public const string DefaultSts = "sts.aliyuncs.com";

    private const string StsName = "STS";
    private const string StsVersion = "2015-04-01";

    /// <summary>Less than a call's default limit, so that a call tells what its credentials lacked rather than that it took too long.</summary>
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

    /// <param name="options">What the user gave.</param>
    /// <param name="clock">Source of time.</param>
    /// <param name="random">Source of jitter: numbers from 0 to 1.</param>
    /// <param name="variable">Looks a variable of the environment up; null where it is not set.</param>
    /// <param name="home">The user's home; empty where there is none.</param>
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

    /// <summary>A variable of the environment as it is now; null where it is not set or empty.</summary>
    public string? Variable(string name) => _variable(name) is { Length: > 0 } value ? value : null;

    /// <summary>Whether a variable of the environment says <c>true</c>.</summary>
    public bool Flag(string name) => string.Equals(Variable(name), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The path of a file in a folder of the user's home.</summary>
    /// <exception cref="AcmException">There is no home: the path would be one of whatever folder is the current one, and somebody else's.</exception>
    public string InHome(string folder, string file) =>
        _home.Length > 0 ? Path.Combine(_home, folder, file) : throw CredentialErrors.None($"This user has no home folder to look for {folder} in.", "Set HOME.");

    /// <summary>Carries an operation of STS out.</summary>
    /// <param name="call">The operation.</param>
    /// <param name="region">Region whose STS is asked; null for the one of the environment, else the central one. An endpoint that was given wins.</param>
    /// <param name="vpc">Ask the one that is reached from a VPC.</param>
    /// <param name="cancellationToken">Ends the call.</param>
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

    /// <summary>Sends a request to the metadata service: never by a proxy, which would answer for a machine of its own.</summary>
    public Task<WireResponse> MetadataAsync(HttpRequestMessage message, TimeSpan limit, CancellationToken cancellationToken)
    {
        return SendAsync(Direct(), MetadataAddress, message, limit, cancellationToken);
    }

    /// <summary>Sends a request to any other place; to one on this machine never by a proxy, which would hear a secret that was not to leave it.</summary>
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

        // It becomes part of a host name: nothing else may get in by it.
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
