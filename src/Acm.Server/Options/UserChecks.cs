using Acm.Server.Auth;

namespace Acm.Server.Options;

/// <summary>Users and passwords have to fit together.</summary>
internal static class UserChecks
{
    /// <exception cref="OptionsException">A user cannot log in, or a password belongs to nobody.</exception>
    public static void Check(ServerOptions options)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (UserEntry user in options.Users)
        {
            if (!names.Add(user.Name)) throw new OptionsException($"--user {user.Name} is specified twice.");
        }

        if (options.Passwords.Keys.FirstOrDefault(name => !names.Contains(name)) is { } stranger) throw new OptionsException($"'{stranger}' on standard input is not the name of a secret or a user.");
        if (options.PasswordFile is not null && options.Passwords.Count > 0) throw new OptionsException("The passwords are specified twice: on standard input and with --password-file.");
        if (options.Users.Count == 0 && options.PasswordFile is not null) throw new OptionsException("--password-file needs --user.");
        if (options.Users.Count == 0 && options.AnonymousClient) throw new OptionsException("--anonymous-client needs --user. Without users anyone can do everything.");
        if (options.PasswordFile is not null) return;

        if (options.Users.FirstOrDefault(user => !options.Passwords.ContainsKey(user.Name)) is { } left) throw new OptionsException($"--user {left.Name} needs a password: specify --password-file, or '{left.Name}=password' with --secrets-from-stdin.");
    }
}
