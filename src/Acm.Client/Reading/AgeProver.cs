using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Protocol;
using Acm.Client.Servers;

namespace Acm.Client.Reading;

/// <summary>
/// Decides whether a value older than the known one is current or stale: a node that is partitioned from its cluster keeps serving old content. A second server must confirm the older value; if no
/// other server answers, the same server must keep returning it for <see cref="Alone"/>. Thread-safe.
/// </summary>
internal sealed class AgeProver(ServerPool pool, IConfigProtocol protocol, TimeProvider clock, CallLog log)
{
    /// <summary>Publishing always creates a newer value, so an older one is current only after a database restore, which can wait.</summary>
    private static readonly TimeSpan Alone = TimeSpan.FromMinutes(5);

    private readonly ClaimMemory<(string Namespace, ConfigKey Key, string Md5)> _older = new(clock, Alone);

    /// <param name="namespace">The namespace.</param>
    /// <param name="key">The configuration.</param>
    /// <param name="md5">MD5 of the older value.</param>
    /// <param name="server">The server that returned it.</param>
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
