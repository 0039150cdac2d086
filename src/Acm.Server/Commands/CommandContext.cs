using Acm.Server.Options;

namespace Acm.Server.Commands;

/// <param name="DataFile">The data file.</param>
/// <param name="Values">The options of the command.</param>
/// <param name="Clock">Tells what is old.</param>
/// <param name="Output">Where results go.</param>
internal sealed record CommandContext(string DataFile, OptionValues Values, TimeProvider Clock, TextWriter Output);
