namespace AcmPowerShell;

/// <summary>
/// Reads connection settings from environment variables: <c>ACM_SERVER</c> or <c>ACM_ENDPOINT</c>, and one for each other option (<see cref="ConnectionOption.Variable"/>). They are used only if no server is
/// specified otherwise, so that credentials from the environment are never sent to another server.
/// </summary>
internal static class ConnectionEnvironment
{
    private const string Server = "ACM_SERVER";
    private const string Endpoint = "ACM_ENDPOINT";

    /// <summary>Returns the settings, or null if the environment does not specify a server.</summary>
    /// <param name="variable">Returns the value of an environment variable; null or empty if it is not set.</param>
    /// <param name="toFullPath">Converts a path to a full path.</param>
    /// <exception cref="InvalidSettingException">A variable is not valid; the message names it.</exception>
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
