using Acm.Client.Calls;

namespace Acm.Client.Encryption;

/// <summary>
/// Asks KMS what cipher texts stand for, no more often than it must: what is known is remembered, equal questions are one, and only so many are asked at once. Where
/// KMS can't be reached, those that wait their turn fail with the first, or a thousand of them would take a thousand times as long.
/// </summary>
internal sealed class KmsDecryptor : IDisposable
{
    /// <summary>Questions in flight at once. KMS takes 750 to 1,000 a second of an account.</summary>
    public const int MaxParallel = 16;

    /// <summary>So long KMS is not asked again after it could not be reached.</summary>
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

    /// <summary>The text of a cipher text, in UTF-8. The bytes are the caller's to clear.</summary>
    /// <exception cref="AcmException">Any kind that KMS can cause.</exception>
    public async ValueTask<byte[]> DecryptAsync(string cipherText, CancellationToken cancellationToken)
    {
        string name = SecretCache.NameOf(cipherText);
        while (true)
        {
            Task flight;
            lock (_gate)
            {
                // Under the lock: a question that is answered meanwhile is still in flight, or has left its answer.
                if (_cache.Find(name) is { } known) return known;
                if (!_flights.TryGetValue(name, out flight!))
                {
                    // On a thread of its own: nothing of the work may run under the lock.
                    flight = Task.Run(() => AskAsync(name, cipherText), CancellationToken.None);
                    _flights.Add(name, flight);
                }
            }

            await flight.OrCancelled(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Remembers what was just encrypted, so that reading it back asks nobody.</summary>
    public void Remember(string cipherText, byte[] text) => _cache.Keep(SecretCache.NameOf(cipherText), text);

    public void Dispose()
    {
        _ending.Cancel();
        _cache.Dispose();
    }

    /// <summary>Leaves the answer in the cache. Ends with the client only: one who stops waiting must not take it from the others.</summary>
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
            // The next question would fare no better.
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
