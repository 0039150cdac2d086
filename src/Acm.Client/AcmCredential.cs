namespace Acm.Client;

/// <summary>What signs a request. Its text form shows no secret.</summary>
public sealed class AcmCredential
{
    /// <summary>Creates a credential.</summary>
    /// <param name="accessKey">Access key id.</param>
    /// <param name="secretKey">Secret key.</param>
    /// <param name="securityToken">STS token of temporary credentials.</param>
    /// <param name="expires">When temporary credentials end; null for lasting ones.</param>
    /// <exception cref="ArgumentException">A key is empty, or holds a character that no key has, such as a line end that was copied with it.</exception>
    public AcmCredential(string accessKey, string secretKey, string? securityToken = null, DateTimeOffset? expires = null)
    {
        if (string.IsNullOrEmpty(accessKey)) throw new ArgumentException("The access key is empty.", nameof(accessKey));
        if (string.IsNullOrEmpty(secretKey)) throw new ArgumentException("The secret key is empty.", nameof(secretKey));

        CheckHeader(accessKey, "access key", nameof(accessKey));
        CheckSecret(secretKey);
        if (securityToken is not null) CheckHeader(securityToken, "security token", nameof(securityToken));

        AccessKey = accessKey;
        SecretKey = secretKey;
        SecurityToken = securityToken;
        Expires = expires;
    }

    /// <summary>Access key id.</summary>
    public string AccessKey { get; }

    /// <summary>When temporary credentials end; null for lasting ones.</summary>
    public DateTimeOffset? Expires { get; }

    internal string SecretKey { get; }

    internal string? SecurityToken { get; }

    /// <summary>The access key id only.</summary>
    public override string ToString() => AccessKey;

    internal bool IsSameAs(AcmCredential other) =>
        AccessKey == other.AccessKey && SecretKey == other.SecretKey && SecurityToken == other.SecurityToken;

    // A password may hold much, but what was pasted with its line end only makes signatures that are wrong.
    private static void CheckSecret(string secretKey)
    {
        int bad = secretKey.ToList().FindIndex(char.IsControl);
        if (bad >= 0) throw new ArgumentException($"The secret key holds a control character at position {bad + 1}, such as a line end. Was more copied than the key?", nameof(secretKey));
    }

    private static void CheckHeader(string value, string what, string parameter)
    {
        // The value itself is no part of the message: people mix up the two keys.
        int bad = value.ToList().FindIndex(c => c is <= ' ' or > '~');
        if (bad >= 0) throw new ArgumentException($"The {what} holds a character at position {bad + 1} that is not printable ASCII. Was more copied than the key?", parameter);
    }
}
