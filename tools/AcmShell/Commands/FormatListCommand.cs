using System.Management.Automation;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace AcmShell.Commands;

/// <summary>All its parameters are the engine's.</summary>
[Cmdlet(VerbsCommon.Format, "List")]
internal sealed class FormatListCommand : OuterFormatTableAndListBase
{
    public FormatListCommand() => EngineInternals.FormatAs(this, "List");
}
