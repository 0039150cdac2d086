using System.Globalization;
using System.Management.Automation;
using System.Text;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace AcmShell.Commands;

[Cmdlet(VerbsData.Out, "String")]
[OutputType(typeof(string))]
internal sealed class OutStringCommand : FrontEndCommandBase
{
    private readonly StringBuilder _text = new();

    [Parameter]
    public SwitchParameter Stream { get; set; }

    [Parameter]
    [ValidateRange(2, int.MaxValue)]
    public int Width { get; set; } = int.MaxValue;

    protected override void BeginProcessing()
    {
        Action<string?> take = Stream ? WriteObject : line => _text.AppendLine(line);
        EngineInternals.FormatTo(this, new LineWriter(take), Width);
        base.BeginProcessing();
    }

    protected override void EndProcessing()
    {
        base.EndProcessing();
        if (!Stream) WriteObject(_text.ToString());
    }

    private sealed class LineWriter(Action<string?> take) : TextWriter(CultureInfo.CurrentCulture)
    {
        public override Encoding Encoding => Encoding.Unicode;

        public override void WriteLine(string? value) => take(value);
    }
}
