using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Acm.Server.Auth;

/// <summary>Creates and validates login tokens: JSON Web Tokens with the user and the expiry, signed with HMAC-SHA256.</summary>
internal sealed class LoginTokens(byte[] key, TimeSpan life, TimeProvider clock)
{
    /// <summary>The length of the key in bytes.</summary>
    public const int KeyBytes = 32;

    private const string Algorithm = "HS256";
    private const int LongestToken = 4096;

    private static readonly string Head = Encode("""{"alg":"HS256"}"""u8);

    public TimeSpan Life { get; } = life;

    public string Make(string user)
    {
        long end = clock.GetUtcNow().ToUnixTimeSeconds() + (long)Life.TotalSeconds;
        string body = Encode(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["sub"] = user, ["exp"] = end }));
        string signed = $"{Head}.{body}";
        return $"{signed}.{Encode(Sign(signed))}";
    }

    /// <summary>Validates a token, and returns its user and the seconds until it expires.</summary>
    public (LoginOutcome Outcome, string User, long SecondsLeft) Read(string token)
    {
        string[] parts = token.Split('.');
        if (token.Length > LongestToken || parts.Length != 3 || parts.Any(part => part.Length == 0)) return (LoginOutcome.MalformedToken, "", 0);
        if (AlgorithmOf(parts[0]) != Algorithm) return (LoginOutcome.UnsupportedAlgorithm, "", 0);
        if (!CryptographicOperations.FixedTimeEquals(Decode(parts[2]) ?? [], Sign($"{parts[0]}.{parts[1]}"))) return (LoginOutcome.WrongSignature, "", 0);

        // The signature is valid, so this server wrote the body.
        using var body = JsonDocument.Parse(Decode(parts[1]) ?? []);
        string user = body.RootElement.GetProperty("sub").GetString() ?? "";
        long left = body.RootElement.GetProperty("exp").GetInt64() - clock.GetUtcNow().ToUnixTimeSeconds();
        return (left > 0 ? LoginOutcome.Accepted : LoginOutcome.ExpiredToken, user, left);
    }

    private static string? AlgorithmOf(string head)
    {
        if (Decode(head) is not { } bytes) return null;

        try
        {
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("alg", out JsonElement algorithm) && algorithm.ValueKind == JsonValueKind.String
                ? algorithm.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    private static byte[]? Decode(string text) => Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;

    private byte[] Sign(string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
