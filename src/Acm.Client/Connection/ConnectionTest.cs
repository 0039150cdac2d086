using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Protocol;

namespace Acm.Client;

/// <summary>
/// Tests a connection in steps, one row each: name, TCP and TLS of the address server, its list; then the same for each data server,
/// the dialect's checks, and the clock. After a failed step, the dependent ones are skipped.
/// </summary>
internal sealed class ConnectionTest
{
    private const string ClockCheck = "ClockSkew";

    /// <summary>The largest difference between the signature's time stamp and the server's clock that ACM servers accept.</summary>
    private static readonly TimeSpan AllowedSkew = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan NotableSkew = TimeSpan.FromSeconds(20);

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
                }, "Check the endpoint. Connect to a data server itself with Direct.", cancellationToken).ConfigureAwait(false)
                : CheckStep.Skipped("AddressServer", addressServer.Text, "it can't be reached");
        }
        else
        {
            yield return CheckStep.Skipped("AddressServer", string.Join(", ", servers), "the servers were given directly");
        }

        if (servers.Count == 0)
        {
            foreach (ConnectionCheck check in SkippedChecks(_connection.Options.Endpoint, "no server is known")) yield return check;
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
                foreach (ConnectionCheck check in SkippedChecks(server.Text, "the server can't be reached")) yield return check;
            }
        }
    }

    /// <summary>Tests name, TCP and TLS of one server.</summary>
    private async IAsyncEnumerable<ConnectionCheck> ReachAsync(ServerAddress server, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_connection.Links.ProxyFor(server) is { } proxy)
        {
            yield return CheckStep.Skipped("Name", server.Text, $"the proxy {proxy} looks it up");
            yield return CheckStep.Skipped("Tcp", server.Text, $"the proxy {proxy} connects to it");
        }
        else
        {
            IPAddress[] addresses = [];
            ConnectionCheck name = await StepAsync("Name", server, async token =>
            {
                addresses = await LookUpAsync(server.Host).OrCancelled(token).ConfigureAwait(false);
                return IPAddress.TryParse(server.Host, out _) ? "is an address" : string.Join(", ", addresses.Select(address => address.ToString()));
            }, "Check the spelling of the host name, and name resolution on this computer.", cancellationToken).ConfigureAwait(false);
            yield return name;
            if (name.Status == CheckStatus.Failed)
            {
                yield return CheckStep.Skipped("Tcp", server.Text, "its name is not known");
                yield return CheckStep.Skipped("Tls", server.Text, "its name is not known");
                yield break;
            }

            ConnectionCheck tcp = await StepAsync("Tcp", server, async token =>
            {
                IPEndPoint connected = await ConnectAsync(addresses, server.Port).OrCancelled(token).ConfigureAwait(false);
                return $"connected to {connected}";
            }, "Check the port, any firewall, and that the server is running.", cancellationToken).ConfigureAwait(false);
            yield return tcp;
            if (tcp.Status == CheckStatus.Failed)
            {
                yield return CheckStep.Skipped("Tls", server.Text, "no connection could be made");
                yield break;
            }
        }

        if (!server.Tls)
        {
            yield return new ConnectionCheck { Check = "Tls", Target = server.Text, Status = CheckStatus.Skipped, Detail = "not used: anyone on the network path can read and alter the traffic", Cure = "Use an https endpoint or UseTls where the server offers it." };
            yield break;
        }

        yield return await StepAsync("Tls", server, async token =>
        {
            await _connection.Protocol.Hello().RunAsync(_connection.Links.OpenAnonymous(server, _log), token).ConfigureAwait(false);
            return _connection.Options.SkipCertificateCheck ? "encrypted; the certificate was not checked" : "encrypted, certificate trusted";
        }, "Specify the certificate authority (CaCertificatePath) or the host name in the certificate (TlsServerName).", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs the dialect's checks of one server, and compares the clocks.</summary>
    private async IAsyncEnumerable<ConnectionCheck> AskAsync(ServerAddress server, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        DateTimeOffset? date = null;
        if (_connection.IsDialectUnknown)
        {
            ConnectionCheck type = await StepAsync("ServerType", server, async token =>
            {
                await _connection.FindDialectAsync(server, _log, token).ConfigureAwait(false);
                return _connection.Protocol.Name;
            }, "Check the host, port and context path, and any proxy in between.", cancellationToken).ConfigureAwait(false);
            yield return type;
            if (type.Status == CheckStatus.Failed) yield break;
        }

        IReadOnlyList<ServerCheck> checks = _connection.Protocol.Checks(await FindNamespaceAsync(cancellationToken).ConfigureAwait(false));
        for (int i = 0; i < checks.Count; i++)
        {
            ServerCheck check = checks[i];
            ConnectionCheck row = check.NeedsCredentials && _connection.Credentials is null
                ? CheckStep.Skipped(check.Name, server.Text, "no credentials are configured")
                : await StepAsync(check.Name, server, token => RunAsync(check, token), check.Cure, cancellationToken).ConfigureAwait(false);

            // A signature with a wrong time stamp is rejected like a wrong signature.
            if (check.NeedsCredentials && row.Status == CheckStatus.Failed && Clock(server, date) is { Status: CheckStatus.Failed } clock)
                row = new ConnectionCheck { Check = row.Check, Target = row.Target, Status = row.Status, Detail = "rejected: " + clock.Detail, Cure = clock.Cure, Duration = row.Duration };

            if (check.IsAdvisory && row.Status == CheckStatus.Failed) row = new ConnectionCheck { Check = row.Check, Target = row.Target, Status = CheckStatus.Warning, Detail = row.Detail, Cure = row.Cure, Duration = row.Duration };

            // The clock comes before the last check, which a wrong clock can explain, and whose response may be the first with a Date header.
            if (i == checks.Count - 1) yield return Clock(server, date);
            yield return row;
        }

        async Task<string> RunAsync(ServerCheck check, CancellationToken token)
        {
            RequestProof? proof = await _connection.Links.GetProofAsync(token).ConfigureAwait(false);
            IServerLink link = _connection.Links.Open(server, proof, _log);
            try
            {
                return await check.Operation.RunAsync(link, token).ConfigureAwait(false);
            }
            finally
            {
                date ??= link.ServerTime;
            }
        }
    }

    /// <summary>Returns the namespace ID, resolved if a name was specified.</summary>
    private async Task<string> FindNamespaceAsync(CancellationToken cancellationToken)
    {
        if (_connection.Protocol is not INamespaceNames names) return _namespace;

        try
        {
            return (await _connection.Namespaces.FindAsync(names, _namespace, mayRemember: true, call: null, cancellationToken).ConfigureAwait(false)).Id;
        }
        catch (AcmException e)
        {
            // The checks that need the namespace fail for the same reason.
            _log.Write(AcmLogLevel.Verbose, $"The namespace ID could not be looked up: {e.Message}");
            return _namespace;
        }
    }

    private IEnumerable<ConnectionCheck> SkippedChecks(string target, string reason)
    {
        IReadOnlyList<ServerCheck> checks = _connection.Protocol.Checks(_namespace);
        for (int i = 0; i < checks.Count; i++)
        {
            if (i == checks.Count - 1) yield return CheckStep.Skipped(ClockCheck, target, reason);
            yield return CheckStep.Skipped(checks[i].Name, target, reason);
        }
    }

    private ConnectionCheck Clock(ServerAddress server, DateTimeOffset? date)
    {
        if (date is null) return CheckStep.Skipped(ClockCheck, server.Text, "the response has no Date header");

        TimeSpan skew = _connection.Clock.GetUtcNow() - date.Value;
        TimeSpan size = skew.Duration();
        CheckStatus status = size > AllowedSkew ? CheckStatus.Failed : size > NotableSkew ? CheckStatus.Warning : CheckStatus.Passed;
        string seconds = size.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);

        // The Date header has a resolution of one second, so differences below 2 s mean nothing.
        return new ConnectionCheck
        {
            Check = ClockCheck,
            Target = server.Text,
            Status = status,
            Detail = size < TimeSpan.FromSeconds(2) ? "none" : $"this machine's clock is {seconds} s {(skew > TimeSpan.Zero ? "ahead" : "behind")}",
            Cure = status == CheckStatus.Passed ? "" : $"Synchronize the clock (NTP): servers reject a signature when the clocks are more than {AllowedSkew.TotalSeconds:0} s apart.",
        };
    }

    private Task<ConnectionCheck> StepAsync(string check, ServerAddress server, Func<CancellationToken, Task<string>> step, string cure, CancellationToken cancellationToken) =>
        CheckStep.RunAsync(_connection.Clock, _limit, check, server.Text, step, cure, cancellationToken);

    private static Task<IPAddress[]> LookUpAsync(string host) => Dns.GetHostAddressesAsync(host);

    /// <summary>Connects to the first address that accepts: a name may have an IPv4 and an IPv6 address, and a server may listen on one only.</summary>
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
                // The next address may work; a failure of the last one is the result.
                continue;
            }
        }
    }

}
