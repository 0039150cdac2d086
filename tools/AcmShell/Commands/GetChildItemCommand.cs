using System.Management.Automation;

namespace AcmShell.Commands;

[Cmdlet(VerbsCommon.Get, "ChildItem", DefaultParameterSetName = ByPath)]
internal sealed class GetChildItemCommand : PathCommand
{
    [Parameter(Position = 0, ParameterSetName = ByPath, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = ["."];

    [Parameter(ParameterSetName = ByLiteralPath, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath
    {
        get => Path;
        set => Path = value;
    }

    [Parameter(Position = 1)]
    public string? Filter { get; set; }

    [Parameter]
    public string[] Include { get; set; } = [];

    [Parameter]
    public string[] Exclude { get; set; } = [];

    [Parameter]
    [Alias("s")]
    public SwitchParameter Recurse { get; set; }

    [Parameter]
    public uint Depth { get; set; } = uint.MaxValue;

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter Name { get; set; }

    [Parameter]
    [Alias("ad")]
    public SwitchParameter Directory { get; set; }

    [Parameter]
    [Alias("af")]
    public SwitchParameter File { get; set; }

    protected override void ProcessRecord() => ForEachPath(Path, List);

    private void List(string path)
    {
        bool recurses = Recurse || MyInvocation.BoundParameters.ContainsKey(nameof(Depth));
        foreach (PSObject item in InvokeProvider.ChildItem.Get([path], recurses, Depth, Force, IsLiteral))
        {
            if (!IsWanted(item)) continue;
            if (Name) WriteObject(item.Properties["PSChildName"].Value);
            else WriteObject(item);
        }
    }

    private bool IsWanted(PSObject item)
    {
        bool isContainer = item.Properties["PSIsContainer"]?.Value is true;
        if (Directory && !File && !isContainer) return false;
        if (File && !Directory && isContainer) return false;

        string name = item.Properties["PSChildName"].Value.ToString()!;
        return (Filter is null || Fits(name, Filter))
            && (Include.Length == 0 || Include.Any(p => Fits(name, p)))
            && !Exclude.Any(p => Fits(name, p));
    }

    private static bool Fits(string name, string pattern) => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(name);
}
