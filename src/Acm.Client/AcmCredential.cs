namespace Acm.Client;

/// <summary>What signs a request. Its text form shows no secret.</summary>
public sealed class AcmCredential
{
    /// <summary>Creates a credential.</summary>
    /// <param name="accessKey">Access key id.</param>
    /// <param name="secretKey">Secret key.</param>
    /// <param name="securityToken">STS token of temporary credentials.</param>
    /// <param name="expires">When temporary credentials end; null for lasting ones.</param>
    public AcmCredential(string accessKey, string secretKey, string? securityToken = null, DateTimeOffset? expires = null)
    {
        if (string.IsNullOrEmpty(accessKey)) throw new ArgumentException("The access key is empty.", nameof(accessKey));
        if (string.IsNullOrEmpty(secretKey)) throw new ArgumentException("The secret key is empty.", nameof(secretKey));

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
}
