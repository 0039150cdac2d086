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
    [Alias("ad")]
    public SwitchParameter Directory { get; set; }

    [Parameter]
    [Alias("af")]
    public SwitchParameter File { get; set; }

    protected override void ProcessRecord()
    {
        bool recurses = Recurse || MyInvocation.BoundParameters.ContainsKey(nameof(Depth));
        foreach (string path in Path)
        {
            if (!Attempt(path, () => InvokeProvider.ChildItem.Get([path], recurses, Depth, Force, IsLiteral), out var items)) continue;
            WriteObject(items.Where(IsWanted), enumerateCollection: true);
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
