namespace Acm.Client.Credentials;

/// <summary>Cached credentials with their refresh time.</summary>
internal sealed record HeldCredential
{
    public HeldCredential(AcmCredential credential, DateTimeOffset obtained)
    {
        Credential = credential;
        Obtained = obtained;
        Expires = credential.Expires ?? DateTimeOffset.MaxValue;
        RefreshAt = credential.Expires is { } end ? end - Lead(end - obtained) : DateTimeOffset.MaxValue;
    }

    public AcmCredential Credential { get; }

    public DateTimeOffset Obtained { get; }

    public DateTimeOffset Expires { get; }

    /// <summary>Gets when new credentials are requested.</summary>
    public DateTimeOffset RefreshAt { get; }

    /// <summary>Gets whether a server rejected them.</summary>
    public bool IsRefused { get; init; }

    private static TimeSpan Lead(TimeSpan lifetime)
    {
        var fifth = TimeSpan.FromTicks(lifetime.Ticks / 5);
        return fifth < RefreshingCredentialSource.LongestLead ? fifth : RefreshingCredentialSource.LongestLead;
    }
}
