namespace Acm.Client;

/// <summary>Credentials that sign requests. <see cref="ToString"/> does not reveal secrets.</summary>
public sealed class AcmCredential
{
    /// <summary>Creates credentials.</summary>
    /// <param name="accessKey">The access key ID.</param>
    /// <param name="secretKey">The secret key.</param>
    /// <param name="securityToken">The STS token of temporary credentials; null for permanent ones.</param>
    /// <param name="expires">When temporary credentials expire; null for permanent ones.</param>
    /// <exception cref="ArgumentException">A key is empty or contains an invalid character, such as a copied line break.</exception>
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

    /// <summary>Gets the access key ID.</summary>
    public string AccessKey { get; }

    /// <summary>Gets when temporary credentials expire; null for permanent ones.</summary>
    public DateTimeOffset? Expires { get; }

    internal string SecretKey { get; }

    internal string? SecurityToken { get; }

    /// <summary>Returns the access key ID.</summary>
    public override string ToString() => AccessKey;

    internal bool IsSameAs(AcmCredential other) =>
        AccessKey == other.AccessKey && SecretKey == other.SecretKey && SecurityToken == other.SecurityToken;

    // A password may contain almost anything, but a copied line break only produces wrong signatures.
    private static void CheckSecret(string secretKey)
    {
        int bad = secretKey.ToList().FindIndex(char.IsControl);
        if (bad >= 0) throw new ArgumentException($"The secret key contains a control character at position {bad + 1}, such as a line break. Copy only the key.", nameof(secretKey));
    }

    private static void CheckHeader(string value, string what, string parameter)
    {
        // The value is not quoted: people confuse the two keys, and it may be the secret.
        int bad = value.ToList().FindIndex(c => c is <= ' ' or > '~');
        if (bad >= 0) throw new ArgumentException($"The {what} contains a character at position {bad + 1} that is not printable ASCII. Copy only the key.", parameter);
    }
}
