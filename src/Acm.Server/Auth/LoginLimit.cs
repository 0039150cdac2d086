using System.Net;

namespace Acm.Server.Auth;

/// <summary>Limits the failed logins of an address: 100 at once, then one each second.</summary>
internal sealed class LoginLimit(TimeProvider clock)
{
    private const double MaxFailures = 100;
    private const double ForgivenPerSecond = 1;
    private const int SweepAbove = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (double Failures, long At)> _failures = new(StringComparer.Ordinal);
    private int _sweepAt = SweepAbove;

    /// <summary>
    /// Counts an attempt, and returns false if the address has too many failures. An attempt counts as failed until
    /// <see cref="Forgive"/> is called, so that concurrent attempts are limited too.
    /// </summary>
    public bool TryEnter(string address)
    {
        string network = NetworkOf(address);
        lock (_lock)
        {
            long now = clock.GetTimestamp();
            double failures = Failures(network, now);
            if (failures >= MaxFailures) return false;

            if (_failures.Count >= _sweepAt) Sweep(now);
            _failures[network] = (failures + 1, now);
            return true;
        }
    }

    /// <summary>Removes a successful attempt from the count.</summary>
    public void Forgive(string address)
    {
        string network = NetworkOf(address);
        lock (_lock)
        {
            long now = clock.GetTimestamp();
            _failures[network] = (Math.Max(0, Failures(network, now) - 1), now);
        }
    }

    // A client with one IPv6 address usually has its whole /64 network.
    private static string NetworkOf(string address)
    {
        if (!IPAddress.TryParse(address, out IPAddress? parsed) || parsed.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6) return address;

        byte[] bytes = parsed.GetAddressBytes();
        Array.Clear(bytes, 8, 8);
        return new IPAddress(bytes).ToString();
    }

    private double Failures(string network, long now) =>
        _failures.TryGetValue(network, out (double Failures, long At) known) ? Math.Max(0, known.Failures - (clock.GetElapsedTime(known.At, now).TotalSeconds * ForgivenPerSecond)) : 0;

    private void Sweep(long now)
    {
        foreach (string network in _failures.Keys.Where(network => Failures(network, now) == 0).ToList()) _failures.Remove(network);
        _sweepAt = Math.Max(SweepAbove, _failures.Count * 2);
    }
}
