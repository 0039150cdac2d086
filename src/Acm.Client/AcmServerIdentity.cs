namespace Acm.Client;

/// <summary>
/// The header by which Nacos servers trust each other (<c>nacos.core.auth.server.identity.key</c> and <c>.value</c>). Who sends it may do everything, so that its value is a secret. Its text form does not show
/// it.
/// </summary>
public sealed class AcmServerIdentity
{
    /// <summary>Creates an identity.</summary>
    /// <param name="key">Name of the header.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="ArgumentException">The key is not a valid header name, or the value can't be one of a header.</exception>
    public AcmServerIdentity(string key, string value)
    {
        if (string.IsNullOrEmpty(key) || !key.All(c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '_' or '.')) throw new ArgumentException($"The identity key '{key}' is not a valid header name.", nameof(key));
        if (string.IsNullOrEmpty(value) || value.Any(c => c is < ' ' or > '~')) throw new ArgumentException("The identity value is empty, or holds a character that is not printable ASCII.", nameof(value));

        Key = key;
        Value = value;
    }

    /// <summary>Name of the header.</summary>
    public string Key { get; }

    internal string Value { get; }

    /// <summary>The name only.</summary>
    public override string ToString() => Key;
}
