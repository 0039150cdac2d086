using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Acm.Server.Auth;

/// <summary>Authenticates users by password or token.</summary>
internal sealed class UserDirectory(IReadOnlyList<UserEntry> users, PasswordSource passwords, LoginTokens tokens, LoginLimit limit)
{
    // Compared if the user does not exist, so that the response time does not reveal which users exist.
    private readonly PasswordHash _unknownUserPassword = PasswordHash.Unmatched(passwords.Iterations);

    // Hashing is slow by design, and some clients send the password with every request, so a keyed digest of a valid password is cached.
    private readonly byte[] _memoryKey = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, byte[]> _remembered = new(StringComparer.Ordinal);

    public LoginTokens Tokens => tokens;

    /// <summary>Checks a name and password.</summary>
    /// <param name="name">The user's name.</param>
    /// <param name="password">The password.</param>
    /// <param name="address">The client's address, by which failed attempts are counted.</param>
    public LoginResult CheckPassword(string name, string password, string address)
    {
        UserEntry? user = users.FirstOrDefault(u => u.Name == name);
        PasswordHash? hash = user is null ? null : passwords.Find(name);
        byte[] digest = HMACSHA256.HashData(_memoryKey, Encoding.UTF8.GetBytes($"{passwords.Version}\0{name}\0{password}"));
        if (hash is not null && _remembered.TryGetValue(name, out byte[]? remembered) && CryptographicOperations.FixedTimeEquals(remembered, digest)) return new LoginResult(LoginOutcome.Accepted, user);
        if (!limit.TryEnter(address)) return LoginResult.Refused(LoginOutcome.TooManyTries);

        if ((hash ?? _unknownUserPassword).Matches(password) && hash is not null)
        {
            limit.Forgive(address);
            _remembered[name] = digest;
            return new LoginResult(LoginOutcome.Accepted, user);
        }

        return LoginResult.Refused(user is null ? LoginOutcome.UnknownUser : LoginOutcome.WrongPassword);
    }

    /// <summary>Checks a token. A token of a removed user is rejected.</summary>
    public LoginResult CheckToken(string token)
    {
        (LoginOutcome outcome, string name, _) = tokens.Read(token);
        if (outcome != LoginOutcome.Accepted) return LoginResult.Refused(outcome);

        UserEntry? user = users.FirstOrDefault(u => u.Name == name);
        return user is null ? LoginResult.Refused(LoginOutcome.UnknownUser) : new LoginResult(LoginOutcome.Accepted, user);
    }
}
