using System.Net;

namespace Acm.Server.Auth;

/// <summary>Limits how many logins of one address may fail: so many at once, then one each second.</summary>
internal sealed class LoginLimit(TimeProvider clock)
{
    private const double MostFailures = 100;
    private const double ForgivenPerSecond = 1;
    private const int SweepAbove = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (double Failures, long At)> _failures = new(StringComparer.Ordinal);
    private int _sweepAt = SweepAbove;

    /// <summary>
    /// False where so many tries of the address failed that the next one is not even looked at. Each try counts as one that fails until
    /// <see cref="Forgive"/> says otherwise: very many at once are not looked at either.
    /// </summary>
    public bool TryEnter(string address)
    {
        string network = NetworkOf(address);
        lock (_lock)
        {
            long now = clock.GetTimestamp();
            double failures = Failures(network, now);
            if (failures >= MostFailures) return false;

            if (_failures.Count >= _sweepAt) Sweep(now);
            _failures[network] = (failures + 1, now);
            return true;
        }
    }

    /// <summary>The try did not fail.</summary>
    public void Forgive(string address)
    {
        string network = NetworkOf(address);
        lock (_lock)
        {
            long now = clock.GetTimestamp();
            _failures[network] = (Math.Max(0, Failures(network, now) - 1), now);
        }
    }

    // Whoever has one IPv6 address has the whole network of it.
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
