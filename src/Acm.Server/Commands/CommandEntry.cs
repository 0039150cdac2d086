using Acm.Server.Options;

namespace Acm.Server.Commands;

/// <summary>A command of the executable.</summary>
/// <param name="Name">The first word of the command line.</param>
/// <param name="Help">The line in the help text.</param>
/// <param name="Options">The options of the command.</param>
/// <param name="Run">Runs the command.</param>
internal sealed record CommandEntry(string Name, string Help, IReadOnlyList<OptionEntry> Options, Action<CommandContext> Run);
