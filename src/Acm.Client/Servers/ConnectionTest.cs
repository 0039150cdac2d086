using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Acm.Client.Calls;
using Acm.Client.Http;

namespace Acm.Client.Servers;

/// <summary>
/// Tests a connection from the outside in, a row a step: name, TCP and TLS of the address server, its list; then the same of each data server, the signature, the
/// clock and a read. A step whose forerunner failed is skipped and says so.
/// </summary>
internal sealed class ConnectionTest
{
    /// <summary>What servers allow between a signature's time and theirs (protocol reference, 1.2).</summary>
    private static readonly TimeSpan AllowedSkew = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan NotableSkew = TimeSpan.FromSeconds(20);

    /// <summary>A key that need not exist: that it is missing is an answer as well.</summary>
    private static readonly ConfigKey ReadKey = new("acm.connection.test");

    private static readonly string[] ServerSteps = ["Signature", "ClockSkew", "Read"];

    private readonly AcmConnection _connection;
    private readonly string _namespace;
    private readonly CallLog _log;
    private readonly TimeSpan _limit;

    public ConnectionTest(AcmConnection connection, string @namespace, AcmCallOptions? call)
    {
        _connection = connection;
        _namespace = @namespace;
        _log = new CallLog(connection.Options.Log, call?.Log);
        _limit = call?.TryTimeout ?? connection.Options.TryTimeout;
    }

    public async IAsyncEnumerable<ConnectionCheck> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<ServerAddress> servers = _connection.Endpoint.Direct;
        if (_connection.Endpoint.AddressServer is { } addressServer)
        {
            bool reached = true;
            await foreach (ConnectionCheck check in ReachAsync(addressServer, cancellationToken).ConfigureAwait(false))
            {
                reached &= check.Status != CheckStatus.Failed;
                yield return check;
            }

            servers = [];
            yield return reached
                ? await StepAsync("AddressServer", addressServer, async token =>
                {
                    servers = await _connection.Pool.Directory.AskAsync(_log, token).ConfigureAwait(false);
                    return $"lists {servers.Count}: {string.Join(", ", servers)}";
                }, "Check the endpoint. A data server itself is connected to directly (Direct).", cancellationToken).ConfigureAwait(false)
                : CheckStep.Skipped("AddressServer", addressServer.Text, "it can't be reached");
        }
        else
        {
            yield return CheckStep.Skipped("AddressServer", string.Join(", ", servers), "the servers were given directly");
        }

        if (servers.Count == 0)
        {
            foreach (string step in ServerSteps) yield return CheckStep.Skipped(step, _connection.Options.Endpoint, "no server is known");
        }

        foreach (ServerAddress server in servers)
        {
            bool reached = true;
            if (server != _connection.Endpoint.AddressServer)
            {
                await foreach (ConnectionCheck check in ReachAsync(server, cancellationToken).ConfigureAwait(false))
                {
                    reached &= check.Status != CheckStatus.Failed;
                    yield return check;
                }
            }

            if (reached)
            {
                await foreach (ConnectionCheck check in AskAsync(server, cancellationToken).ConfigureAwait(false)) yield return check;
            }
            else
            {
                foreach (string step in ServerSteps) yield return CheckStep.Skipped(step, server.Text, "the server can't be reached");
            }
        }
    }

    /// <summary>Name, TCP and TLS of one server.</summary>
    private async IAsyncEnumerable<ConnectionCheck> ReachAsync(ServerAddress server, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_connection.Transport.ProxyFor(server) is { } proxy)
        {
            yield return CheckStep.Skipped("Name", server.Text, $"the proxy {proxy} looks it up");
            yield return CheckStep.Skipped("Tcp", server.Text, $"the proxy {proxy} connects to it");
        }
        else
        {
            IPAddress[] addresses = [];
            ConnectionCheck name = await StepAsync("Name", server, async token =>
            {
                addresses = await WithinAsync(LookUpAsync(server.Host), token).ConfigureAwait(false);
                return IPAddress.TryParse(server.Host, out _) ? "is an address" : string.Join(", ", addresses.Select(address => address.ToString()));
            }, "Check the spelling of the host, and this machine's name resolution.", cancellationToken).ConfigureAwait(false);
            yield return name;
            if (name.Status == CheckStatus.Failed)
            {
                yield return CheckStep.Skipped("Tcp", server.Text, "its name is not known");
                yield return CheckStep.Skipped("Tls", server.Text, "its name is not known");
                yield break;
            }

            ConnectionCheck tcp = await StepAsync("Tcp", server, async token =>
            {
                IPEndPoint connected = await WithinAsync(ConnectAsync(addresses, server.Port), token).ConfigureAwait(false);
                return $"connected to {connected}";
            }, "Check the port, that the server runs, and the firewalls on the way.", cancellationToken).ConfigureAwait(false);
            yield return tcp;
            if (tcp.Status == CheckStatus.Failed)
            {
                yield return CheckStep.Skipped("Tls", server.Text, "no connection could be made");
                yield break;
            }
        }

        if (!server.Tls)
        {
            yield return new ConnectionCheck { Check = "Tls", Target = server.Text, Status = CheckStatus.Skipped, Detail = "not used: what is sent can be read and changed on the way", Cure = "Use an https endpoint or UseTls where the server offers it." };
            yield break;
        }

        yield return await StepAsync("Tls", server, async token =>
        {
            await SendAsync(server, _connection.Protocol.AddressList(_connection.Options.UnitName), token).ConfigureAwait(false);
            return _connection.Options.SkipCertificateCheck ? "encrypted; the certificate was not checked" : "encrypted, certificate trusted";
        }, "Name the certificate authority (CaCertificatePath) or the name in the certificate (TlsServerName).", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Signature, clock and a read of one server.</summary>
    private async IAsyncEnumerable<ConnectionCheck> AskAsync(ServerAddress server, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        DateTimeOffset? date = null;
        if (_connection.Credentials is null)
        {
            yield return CheckStep.Skipped("Signature", server.Text, "there are no credentials to sign with");
        }
        else
        {
            yield return await StepAsync("Signature", server, async token =>
            {
                WireResponse response = await SendAsync(server, _connection.Protocol.List(_namespace, 1, 1), token).ConfigureAwait(false);
                date = response.Date;
                _connection.Protocol.ReadList(response, _namespace, 1);
                return "accepted";
            }, "Check access key, secret key and the key's right to list this namespace; see also the clock.", cancellationToken).ConfigureAwait(false);
        }

        ConnectionCheck read = await StepAsync("Read", server, async token =>
        {
            WireResponse response = await SendAsync(server, _connection.Protocol.Get(_namespace, ReadKey), token).ConfigureAwait(false);
            date ??= response.Date;
            try
            {
                _connection.Protocol.ReadGet(response, _namespace, ReadKey);
                return "answered";
            }
            catch (AcmException e) when (e.Kind == AcmErrorKind.ConfigNotFound)
            {
                return "answered (the key asked for does not exist, as was to be expected)";
            }
        }, "Check the namespace and the access key's right to read in it.", cancellationToken).ConfigureAwait(false);

        yield return Clock(server, date);
        yield return read;
    }

    private ConnectionCheck Clock(ServerAddress server, DateTimeOffset? date)
    {
        if (date is null) return CheckStep.Skipped("ClockSkew", server.Text, "the server did not tell its time");

        TimeSpan skew = _connection.Clock.GetUtcNow() - date.Value;
        TimeSpan size = skew.Duration();
        CheckStatus status = size > AllowedSkew ? CheckStatus.Failed : size > NotableSkew ? CheckStatus.Warning : CheckStatus.Passed;
        string seconds = size.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);

        // The header has whole seconds, so that a second tells nothing.
        return new ConnectionCheck
        {
            Check = "ClockSkew",
            Target = server.Text,
            Status = status,
            Detail = size < TimeSpan.FromSeconds(2) ? "none" : $"this machine's clock is {seconds} s {(skew > TimeSpan.Zero ? "ahead" : "behind")}",
            Cure = status == CheckStatus.Passed ? "" : $"Set the clock (NTP): a signature is refused when the clocks are more than {AllowedSkew.TotalSeconds:0} s apart.",
        };
    }

    private Task<ConnectionCheck> StepAsync(string check, ServerAddress server, Func<CancellationToken, Task<string>> step, string cure, CancellationToken cancellationToken) =>
        CheckStep.RunAsync(_connection.Clock, _limit, check, server.Text, step, cure, cancellationToken);

    private Task<WireResponse> SendAsync(ServerAddress server, WireRequest request, CancellationToken cancellationToken) =>
        _connection.Transport.SendAsync(server, request, _log, cancellationToken);

    private static Task<IPAddress[]> LookUpAsync(string host) => Dns.GetHostAddressesAsync(host);

    /// <summary>The first address that takes a connection: a name can stand for one of each family, and a server listen on one only.</summary>
    private static async Task<IPEndPoint> ConnectAsync(IPAddress[] addresses, int port)
    {
        for (int i = 0; ; i++)
        {
            using var client = new TcpClient(addresses[i].AddressFamily);
            try
            {
                await client.ConnectAsync(addresses[i], port).ConfigureAwait(false);
                return new IPEndPoint(addresses[i], port);
            }
            catch (SocketException) when (i + 1 < addresses.Length)
            {
                // The next may do; the last one's failure is the step's.
                continue;
            }
        }
    }

    /// <summary>The old contract's lookups and connects take no token, so that the wait ends instead of the work.</summary>
    private static async Task<T> WithinAsync<T>(Task<T> work, CancellationToken cancellationToken)
    {
        var cancelled = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration _ = cancellationToken.Register(() => cancelled.TrySetCanceled(cancellationToken));
        return await (await Task.WhenAny(work, cancelled.Task).ConfigureAwait(false)).ConfigureAwait(false);
    }
}
