using System.Collections;
using Acm.Server.Options;
using Acm.Server.Storage;
using Microsoft.Data.Sqlite;

namespace Acm.Server.Commands;

/// <summary>The commands other than running the server. They work on a data file, even while a server uses it.</summary>
internal static class CommandTable
{
    public static IReadOnlyList<CommandEntry> All { get; } = [HistoryCommand.Entry, PruneHistoryCommand.Entry];

    /// <summary>Returns whether a command line starts with a command.</summary>
    public static bool IsCommand(IReadOnlyList<string> arguments) => arguments.Count > 0 && !arguments[0].StartsWith('-');

    /// <summary>Runs a command.</summary>
    /// <param name="arguments">The command line, which starts with the command.</param>
    /// <param name="environment">The environment variables, which may name the data file.</param>
    /// <param name="clock">The clock for ages.</param>
    /// <param name="output">The output.</param>
    /// <exception cref="OptionsException">The command or an option is unknown or invalid.</exception>
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
