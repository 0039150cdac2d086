namespace AcmPowerShell;

/// <summary>
/// A connection that the environment describes: <c>ACM_SERVER</c> or <c>ACM_ENDPOINT</c>, and a variable for each other option (<see cref="ConnectionOption.Variable"/>). It counts as a whole, where no server is
/// given otherwise: what is in the environment is sent to no server that is not.
/// </summary>
internal static class ConnectionEnvironment
{
    private const string Server = "ACM_SERVER";
    private const string Endpoint = "ACM_ENDPOINT";

    /// <summary>Returns the connection; null where the environment names no server.</summary>
    /// <param name="variable">A variable of the environment by its name; null or empty where it is not set.</param>
    /// <param name="toFullPath">Makes a full path of one that was given.</param>
    /// <exception cref="InvalidSettingException">A variable can't be used; the message names it.</exception>
    internal static ConnectionSettings? Read(Func<string, string?> variable, Func<string, string> toFullPath)
    {
        string? server = Given(Server);
        string? endpoint = Given(Endpoint);
        if (server is null && endpoint is null) return null;
        if (server is not null && endpoint is not null) throw new InvalidSettingException($"The environment variables {Server} and {Endpoint} are both set. Remove one of them.", nameof(ConnectAcmCommand.Server));

        var settings = new ConnectionSettings();
        if (server is not null) settings.UseServers([server]);
        foreach (ConnectionOption option in ConnectionOptions.All)
        {
            if (Given(option.Variable) is not { } text) continue;

            try
            {
                option.Parse(text, settings, toFullPath);
            }
            catch (FormatException e)
            {
                throw new InvalidSettingException($"The environment variable {option.Variable} is not valid: {e.Message}.", option.Parameter, inner: e);
            }
        }

        return settings;

        string? Given(string name) => variable(name) is { Length: > 0 } value ? value : null;
    }
}
