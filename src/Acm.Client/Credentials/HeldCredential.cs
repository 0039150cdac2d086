namespace Acm.Client.Credentials;

/// <summary>A credential with the times that follow from when it came and when it ends.</summary>
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

    /// <summary>From when on the next one is asked for.</summary>
    public DateTimeOffset RefreshAt { get; }

    /// <summary>A server refused it, although it may not have ended.</summary>
    public bool IsRefused { get; init; }

    private static TimeSpan Lead(TimeSpan lifetime)
    {
        var fifth = TimeSpan.FromTicks(lifetime.Ticks / 5);
        return fifth < RefreshingCredentialSource.LongestLead ? fifth : RefreshingCredentialSource.LongestLead;
    }
}
