using Acm.Server.Options;

namespace Acm.Server.Commands;

/// <param name="Name">The first word of the command line.</param>
/// <param name="Help">One line for people.</param>
/// <param name="Options">What it takes.</param>
/// <param name="Run">Runs it.</param>
internal sealed record CommandEntry(string Name, string Help, IReadOnlyList<OptionEntry> Options, Action<CommandContext> Run);
