using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Acm.Server.Auth;

/// <summary>
/// Verifies Spas signatures: HMAC-SHA1 over namespace, group and time. Every failure has the same response, so that it does not reveal which part
/// is wrong, and signatures are compared in constant time. Only a wrong key or time is rejected earlier, before the body is read.
/// </summary>
internal sealed class SignatureCheck(string accessKey, string secretKey, bool allowUnsignedPolls, TimeProvider clock)
{
    private const long MaxSkewMilliseconds = 60_000;

    private readonly byte[] _accessKeyHash = Hash(accessKey);
    private readonly byte[] _secret = Encoding.UTF8.GetBytes(secretKey);

    public string AccessKey { get; } = accessKey;

    /// <summary>Returns a check that rejects every request.</summary>
    public static SignatureCheck RejectAll(TimeProvider clock) =>
        new(Convert.ToHexString(RandomNumberGenerator.GetBytes(16)), Convert.ToHexString(RandomNumberGenerator.GetBytes(32)), allowUnsignedPolls: false, clock);

    /// <summary>Checks what is known before the body is read: the access key and the time.</summary>
    public bool HasKeyAndTime(Claim claim)
    {
        bool key = CryptographicOperations.FixedTimeEquals(Hash(claim.AccessKey), _accessKeyHash);
        bool time = long.TryParse(claim.TimeStamp, NumberStyles.None, CultureInfo.InvariantCulture, out long sent);
        long skew = clock.GetUtcNow().ToUnixTimeMilliseconds() - sent;
        return key & time & skew is >= -MaxSkewMilliseconds and <= MaxSkewMilliseconds;
    }

    /// <summary>Returns whether a request is signed correctly.</summary>
    /// <param name="claim">The signature headers.</param>
    /// <param name="tenant">The namespace as sent; null if the field is absent.</param>
    /// <param name="group">The group as sent; null if the field is absent.</param>
    public bool IsValid(Claim claim, string? tenant, string? group) =>
        HasKeyAndTime(claim) & IsSignedAs(claim, [.. Texts(tenant, group, claim.TimeStamp)]);

    /// <summary>Returns whether a long poll is signed correctly. It has no namespace field; the namespace is that of its keys.</summary>
    /// <param name="claim">The signature headers.</param>
    /// <param name="tenant">The common namespace of the keys; null if they are in several.</param>
    public bool IsValidPoll(Claim claim, string? tenant)
    {
        bool keyAndTime = HasKeyAndTime(claim);
        if (claim.Signature.Length == 0) return keyAndTime & allowUnsignedPolls;

        string time = claim.TimeStamp;
        string[] texts = tenant switch
        {
            null => [time],
            "" => [time, "+" + time],
            _ => [tenant + "+" + time, time],
        };
        return keyAndTime & IsSignedAs(claim, texts);
    }

    /// <summary>Returns the signed texts to accept: some clients sign an empty namespace as an empty field, others omit it.</summary>
    private static IEnumerable<string> Texts(string? tenant, string? group, string time)
    {
        string named = string.Join('+', new[] { tenant, group }.Where(part => !string.IsNullOrEmpty(part)).Append(time));
        yield return named;
        if (string.IsNullOrEmpty(tenant)) yield return "+" + named;
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private bool IsSignedAs(Claim claim, string[] texts)
    {
        Span<byte> sent = stackalloc byte[HMACSHA1.HashSizeInBytes];
        bool wellFormed = Convert.TryFromBase64String(claim.Signature, sent, out int length) && length == sent.Length;
        bool matches = false;
        Span<byte> expected = stackalloc byte[HMACSHA1.HashSizeInBytes];
        foreach (string text in texts)
        {
            HMACSHA1.HashData(_secret, Encoding.UTF8.GetBytes(text), expected);
            matches |= CryptographicOperations.FixedTimeEquals(sent, expected);
        }

        return wellFormed & matches;
    }
}
