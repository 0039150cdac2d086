using System.Security.Cryptography;
using System.Text;

namespace Acm.Server.Auth;

/// <summary>A hashed password: PBKDF2 with the parameters of ASP.NET Core Identity.</summary>
internal sealed class PasswordHash
{
    private const int Iterations = 100_000;
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    private readonly byte[] _salt = RandomNumberGenerator.GetBytes(SaltBytes);
    private readonly byte[] _hash;

    public PasswordHash(string password) => _hash = Derive(password);

    /// <summary>Returns whether a password matches, in constant time.</summary>
    public bool Matches(string password) => CryptographicOperations.FixedTimeEquals(Derive(password), _hash);

    private byte[] Derive(string password) => Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), _salt, Iterations, HashAlgorithmName.SHA512, HashBytes);
}
