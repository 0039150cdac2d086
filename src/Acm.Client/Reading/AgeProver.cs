using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Protocol;
using Acm.Client.Servers;

namespace Acm.Client.Reading;

/// <summary>
/// Finds out whether a value that is older than the one known is what the servers hold now, or what one of them still holds: a node that is cut off from its cluster serves old content for as long as it
/// likes. Another server has to confirm it; where no other one answers, the same server goes on to say so for minutes. Thread-safe.
/// </summary>
internal sealed class AgeProver(ServerPool pool, IConfigProtocol protocol, TimeProvider clock, CallLog log)
{
    /// <summary>A value that is published anew is a newer one, whatever it is: only a database that was restored has older ones, which has time.</summary>
    private static readonly TimeSpan Alone = TimeSpan.FromMinutes(5);

    private readonly ClaimMemory<(string Namespace, ConfigKey Key, string Md5)> _older = new(clock, Alone);

    /// <param name="namespace">Where.</param>
    /// <param name="key">Which.</param>
    /// <param name="md5">MD5 of the older value.</param>
    /// <param name="server">Who gave it.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<bool> IsCurrentAsync(string @namespace, ConfigKey key, string md5, string? server, CancellationToken cancellationToken)
    {
        if (pool.Directory.Servers.Count == 1) return true;

        List<ServerAddress> tried = [.. pool.Directory.Servers.Snapshot().Where(address => address.Text == server)];
        ServerAddress? claimant = tried.FirstOrDefault();
        bool isDenied = false;
        while (tried.Count < pool.Directory.Servers.Count)
        {
            try
            {
                ServerRead read = await pool.AskAsideAsync(protocol.Get(@namespace, key), tried, cancellationToken).ConfigureAwait(false);
                if (read.Value?.Md5 == md5) return Settled(true);

                isDenied = true;
            }
            catch (AcmException e)
            {
                if (log.IsEnabled(AcmLogLevel.Verbose)) log.Write(AcmLogLevel.Verbose, $"The older value of '{key}' could not be compared: {e.Message}");
            }
        }

        if (!isDenied) return _older.IsSaidAgain((@namespace, key, md5));

        if (claimant is not null) pool.Directory.Servers.PassOver(claimant);
        return Settled(false);

        bool Settled(bool isCurrent)
        {
            _older.Forget((@namespace, key, md5));
            return isCurrent;
        }
    }
}
