using System.Collections;
using Acm.Server.Options;
using Acm.Server.Storage;
using Microsoft.Data.Sqlite;

namespace Acm.Server.Commands;

/// <summary>The commands beside running the server. Each works on a data file, also while a server runs on it.</summary>
internal static class CommandTable
{
    public static IReadOnlyList<CommandEntry> All { get; } = [HistoryCommand.Entry, PruneHistoryCommand.Entry];

    /// <summary>Whether a command line names a command.</summary>
    public static bool IsCommand(IReadOnlyList<string> arguments) => arguments.Count > 0 && !arguments[0].StartsWith('-');

    /// <param name="arguments">The command line, whose first word is the command.</param>
    /// <param name="environment">The environment variables, one of which can name the data file.</param>
    /// <param name="clock">Tells what is old.</param>
    /// <param name="output">Where results go.</param>
    /// <exception cref="OptionsException">The command or an option is unknown or malformed.</exception>
    /// <exception cref="IOException">The data file cannot be used.</exception>
    public static void Run(IReadOnlyList<string> arguments, IDictionary environment, TimeProvider clock, TextWriter output)
    {
        CommandEntry command = All.FirstOrDefault(entry => entry.Name == arguments[0]) ?? throw new OptionsException($"'{arguments[0]}' is not a command.");
        Dictionary<string, string> values = OptionSources.CommandLine([.. arguments.Skip(1)], command.Options);
        if (!values.ContainsKey(OptionTable.Data) && OptionSources.Environment(environment, []).TryGetValue(OptionTable.Data, out string? path)) values.Add(OptionTable.Data, path);

        var options = new OptionValues(values);
        path = DataFile.Resolve(options.Text(OptionTable.Data) ?? ServerOptions.DefaultDataFile);
        try
        {
            command.Run(new CommandContext(path, options, clock, output));
        }
        catch (SqliteException e)
        {
            throw SqliteFile.Unusable(path, e);
        }
    }
}
