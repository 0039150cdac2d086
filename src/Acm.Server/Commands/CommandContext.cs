using Acm.Server.Options;

namespace Acm.Server.Commands;

/// <summary>The arguments and services of a command.</summary>
/// <param name="DataFile">The path of the data file.</param>
/// <param name="Values">The options of the command.</param>
/// <param name="Clock">The clock for ages.</param>
/// <param name="Output">The output.</param>
internal sealed record CommandContext(string DataFile, OptionValues Values, TimeProvider Clock, TextWriter Output);
