using Acm.Client;
using Acm.Client.Credentials;

namespace Acm.Tests.Credentials;

/// <summary>A provider whose responses and credential lifetimes the test controls.</summary>
internal sealed class HeldProvider(TimeProvider clock) : ICredentialProvider
{
    private readonly object _gate = new();
    private TaskCompletionSource<AcmCredential>? _waiting;
    private int _atOnce;

    public string Name => "Held";

    public TimeSpan? Lifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Gets or sets whether to respond immediately.</summary>
    public bool AnswersAtOnce { get; set; } = true;

    /// <summary>Gets or sets the error; null for success.</summary>
    public Exception? Failure { get; set; }

    public int Asked { get; private set; }

    public int MostAtOnce { get; private set; }

    public async Task<AcmCredential> FetchAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource<AcmCredential>? waiting = null;
        lock (_gate)
        {
            Asked++;
            MostAtOnce = Math.Max(MostAtOnce, ++_atOnce);
            if (!AnswersAtOnce) _waiting = waiting = new();
        }

        try
        {
            if (waiting is not null) return await waiting.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return Failure is null ? Make() : throw Failure;
        }
        finally
        {
            lock (_gate) _atOnce--;
        }
    }

    /// <summary>Completes the pending requests.</summary>
    public void Answer()
    {
        if (Failure is null) _waiting!.SetResult(Make());
        else _waiting!.SetException(Failure);
    }

    private AcmCredential Make() => new($"ak-{Asked}", $"sk-{Asked}", Lifetime is null ? null : $"token-{Asked}", clock.GetUtcNow() + Lifetime);
}
