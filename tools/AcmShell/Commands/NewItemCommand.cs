using System.Management.Automation;

namespace AcmShell.Commands;

[Cmdlet(VerbsCommon.New, "Item", SupportsShouldProcess = true, DefaultParameterSetName = ByPath)]
internal sealed class NewItemCommand : PathCommand
{
    private const string ByName = "Name";

    [Parameter(Position = 0, ParameterSetName = ByPath, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = ByName, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = ["."];

    [Parameter(ParameterSetName = ByName, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? Name { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Type")]
    public string ItemType { get; set; } = "File";

    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Target")]
    public object? Value { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        foreach (string path in Path)
        {
            if (!Attempt(path, () => Destination(path), out var destination)) continue;
            if (!ShouldProcess($"Destination: {destination}", $"Create {ItemType}")) continue;
            if (Attempt(path, () => InvokeProvider.Item.New([path], Name, ItemType, Value, Force), out var created))
                WriteObject(created, enumerateCollection: true);
        }
    }

    private string Destination(string path) => SessionState.Path.GetUnresolvedProviderPathFromPSPath(
        string.IsNullOrEmpty(Name) ? path : SessionState.Path.Combine(path, Name));
}
