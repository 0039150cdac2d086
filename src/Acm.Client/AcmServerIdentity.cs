namespace Acm.Client;

/// <summary>
/// The header by which Nacos servers trust each other (<c>nacos.core.auth.server.identity.key</c> and <c>.value</c>). It grants all permissions, so its value is a secret, which
/// <see cref="ToString"/> does not reveal.
/// </summary>
public sealed class AcmServerIdentity
{
    /// <summary>Creates an identity.</summary>
    /// <param name="key">The header name.</param>
    /// <param name="value">The header value.</param>
    /// <exception cref="ArgumentException">The key is not a valid header name, or the value is not a valid header value.</exception>
    public AcmServerIdentity(string key, string value)
    {
        if (string.IsNullOrEmpty(key) || !key.All(c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '_' or '.')) throw new ArgumentException($"The identity key '{key}' is not a valid header name.", nameof(key));
        if (string.IsNullOrEmpty(value) || value.Any(c => c is < ' ' or > '~')) throw new ArgumentException("The identity value is empty, or contains a character that is not printable ASCII.", nameof(value));

        Key = key;
        Value = value;
    }

    /// <summary>Gets the header name.</summary>
    public string Key { get; }

    internal string Value { get; }

    /// <summary>Returns the header name.</summary>
    public override string ToString() => Key;
}
