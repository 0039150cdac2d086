using System.Collections;
using System.Management.Automation;

namespace AcmShell.Commands;

[Cmdlet(VerbsCommunications.Write, "Host")]
internal sealed class WriteHostCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromRemainingArguments = true, ValueFromPipeline = true)]
    [Alias("Msg", "Message")]
    public object? Object { get; set; }

    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    [Parameter]
    public object Separator { get; set; } = " ";

    [Parameter]
    public ConsoleColor? ForegroundColor { get; set; }

    [Parameter]
    public ConsoleColor? BackgroundColor { get; set; }

    protected override void ProcessRecord() => WriteInformation(
        new HostInformationMessage
        {
            Message = Text(Object),
            NoNewLine = NoNewline,
            ForegroundColor = ForegroundColor ?? Host.UI.RawUI.ForegroundColor,
            BackgroundColor = BackgroundColor ?? Host.UI.RawUI.BackgroundColor,
        },
        // The tag by which the engine knows that the host is to show it.
        ["PSHOST"]);

    private string Text(object? value) => value switch
    {
        null => string.Empty,
        string text => text,
        PSObject { BaseObject: string or IEnumerable } wrapped => Text(wrapped.BaseObject),
        IEnumerable items => string.Join(Separator.ToString(), items.Cast<object?>().Select(Text)),
        _ => value.ToString() ?? string.Empty,
    };
}
