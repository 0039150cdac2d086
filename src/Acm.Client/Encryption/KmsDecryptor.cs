using Acm.Client.Calls;

namespace Acm.Client.Encryption;

/// <summary>
/// Decrypts with few KMS calls: results are cached, parallel requests for the same cipher text share a call, and parallelism is limited. If KMS
/// is unreachable, waiting requests fail with the first one instead of each timing out.
/// </summary>
internal sealed class KmsDecryptor : IDisposable
{
    /// <summary>Maximum number of parallel calls. KMS allows 750 to 1,000 requests per second and account.</summary>
    public const int MaxParallel = 16;

    /// <summary>How long KMS is not called again after a failure.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    private readonly KmsClient _kms;
    private readonly TimeProvider _clock;
    private readonly SecretCache _cache;
    private readonly SemaphoreSlim _room = new(MaxParallel);
    private readonly CancellationTokenSource _ending = new();
    private readonly object _gate = new();
    private readonly Dictionary<string, Task> _flights = new(StringComparer.Ordinal);
    private AcmException? _lastFailure;
    private long _failedAt;

    public KmsDecryptor(KmsClient kms, TimeProvider clock)
    {
        _kms = kms;
        _clock = clock;
        _cache = new SecretCache(clock);
    }

    /// <summary>Decrypts a cipher text and returns the text in UTF-8, which the caller clears.</summary>
    /// <exception cref="AcmException">The KMS call failed.</exception>
    public async ValueTask<byte[]> DecryptAsync(string cipherText, CancellationToken cancellationToken)
    {
        string name = SecretCache.NameOf(cipherText);
        while (true)
        {
            Task flight;
            lock (_gate)
            {
                // Checked under the lock: a finished call is either still registered or has filled the cache.
                if (_cache.Find(name) is { } known) return known;
                if (!_flights.TryGetValue(name, out flight!))
                {
                    // Started on another thread, so that none of the work runs under the lock.
                    flight = Task.Run(() => AskAsync(name, cipherText), CancellationToken.None);
                    _flights.Add(name, flight);
                }
            }

            await flight.OrCancelled(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Caches a text that was just encrypted, so that reading it back needs no call.</summary>
    public void Remember(string cipherText, byte[] text) => _cache.Keep(SecretCache.NameOf(cipherText), text);

    public void Dispose()
    {
        _ending.Cancel();
        _cache.Dispose();
    }

    /// <summary>Decrypts into the cache. Only the end of the client cancels it: other callers may wait for the same result.</summary>
    private async Task AskAsync(string name, string cipherText)
    {
        try
        {
            await _room.WaitAsync(_ending.Token).ConfigureAwait(false);
            try
            {
                if (Resting() is { } failure) throw failure;

                byte[] text = await QueryAsync(cipherText).ConfigureAwait(false);
                _cache.Keep(name, text);
                Array.Clear(text, 0, text.Length);
            }
            finally
            {
                _room.Release();
            }
        }
        catch (OperationCanceledException e)
        {
            throw new AcmException(AcmErrorKind.NotConnected, "The connection was closed.", e);
        }
        finally
        {
            lock (_gate) _flights.Remove(name);
        }
    }

    private async Task<byte[]> QueryAsync(string cipherText)
    {
        try
        {
            return await _kms.DecryptAsync(cipherText, _ending.Token).ConfigureAwait(false);
        }
        catch (AcmException e) when (e.Kind is AcmErrorKind.ServerUnavailable or AcmErrorKind.Timeout or AcmErrorKind.UntrustedServer or AcmErrorKind.AuthenticationFailed)
        {
            // The next call would fail as well.
            lock (_gate) (_lastFailure, _failedAt) = (e, _clock.GetTimestamp());
            throw;
        }
    }

    private AcmException? Resting()
    {
        lock (_gate)
        {
            return _lastFailure is { } failure && _clock.GetElapsedTime(_failedAt) < Rest ? new AcmException(failure.Kind, failure.Message, failure) { Advice = failure.Advice } : null;
        }
    }
}
