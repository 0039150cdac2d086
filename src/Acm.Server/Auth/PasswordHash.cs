using System.Security.Cryptography;
using System.Text;

namespace Acm.Server.Auth;

/// <summary>A hashed password: PBKDF2 with the parameters of ASP.NET Core Identity.</summary>
internal sealed class PasswordHash
{
    public const int DefaultIterations = 100_000;

    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    private readonly byte[] _salt = RandomNumberGenerator.GetBytes(SaltBytes);
    private readonly int _iterations;
    private readonly byte[] _hash;

    public PasswordHash(string password, int iterations)
    {
        _iterations = iterations;
        _hash = Derive(password);
    }

    private PasswordHash(byte[] hash, int iterations)
    {
        _iterations = iterations;
        _hash = hash;
    }

    /// <summary>Returns a hash that no known password matches. A comparison takes as long as with any other hash.</summary>
    public static PasswordHash Unmatched(int iterations) => new(RandomNumberGenerator.GetBytes(HashBytes), iterations);

    /// <summary>Returns whether a password matches, in constant time.</summary>
    public bool Matches(string password) => CryptographicOperations.FixedTimeEquals(Derive(password), _hash);

    private byte[] Derive(string password) => Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), _salt, _iterations, HashAlgorithmName.SHA512, HashBytes);
}
