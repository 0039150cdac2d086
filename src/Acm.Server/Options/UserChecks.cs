using Acm.Server.Auth;

namespace Acm.Server.Options;

/// <summary>Checks that users and passwords match.</summary>
internal static class UserChecks
{
    /// <summary>Checks the users and passwords.</summary>
    /// <exception cref="OptionsException">A user has no password, or a password has no user.</exception>
    public static void Check(ServerOptions options)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (UserEntry user in options.Users)
        {
            if (!names.Add(user.Name)) throw new OptionsException($"--user {user.Name} is specified twice.");
        }

        if (options.Passwords.Keys.FirstOrDefault(name => !names.Contains(name)) is { } stranger) throw new OptionsException($"'{stranger}' on standard input is not the name of a secret or a user.");
        if (options.PasswordFile is not null && options.Passwords.Count > 0) throw new OptionsException("The passwords are specified twice: on standard input and with --password-file.");
        if (options.Users.Count == 0 && options.PasswordFile is not null) throw new OptionsException("--password-file requires --user.");
        if (options.Users.Count == 0 && options.AnonymousClient) throw new OptionsException("--anonymous-client requires --user. Without users, every call is allowed.");
        if (options.PasswordFile is not null) return;

        if (options.Users.FirstOrDefault(user => !options.Passwords.ContainsKey(user.Name)) is { } left) throw new OptionsException($"--user {left.Name} has no password. Specify --password-file, or '{left.Name}=password' with --secrets-from-stdin.");
    }
}
