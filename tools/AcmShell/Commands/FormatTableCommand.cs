using System.Management.Automation;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace AcmShell.Commands;

/// <summary>All its parameters are the engine's.</summary>
[Cmdlet(VerbsCommon.Format, "Table")]
internal sealed class FormatTableCommand : OuterFormatTableBase
{
    public FormatTableCommand() => EngineInternals.FormatAs(this, "Table");
}
