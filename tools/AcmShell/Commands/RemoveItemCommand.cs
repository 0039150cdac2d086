using System.Management.Automation;

namespace AcmShell.Commands;

[Cmdlet(VerbsCommon.Remove, "Item", SupportsShouldProcess = true, DefaultParameterSetName = ByPath)]
internal sealed class RemoveItemCommand : PathCommand
{
    private bool _yesToAll;
    private bool _noToAll;

    [Parameter(Position = 0, ParameterSetName = ByPath, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [];

    [Parameter(ParameterSetName = ByLiteralPath, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath
    {
        get => Path;
        set => Path = value;
    }

    [Parameter]
    public SwitchParameter Recurse { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        foreach (string path in Path)
        {
            if (!Attempt(path, () => Resolve(path), out var items)) continue;
            foreach (PathInfo item in items) Remove(item);
        }
    }

    private void Remove(PathInfo item)
    {
        string escaped = WildcardPattern.Escape(item.Path);
        if (!Attempt(item.Path, () => InvokeProvider.Item.IsContainer(escaped), out bool isContainer)) return;
        if (!ShouldProcess(item.ProviderPath, isContainer ? "Remove Directory" : "Remove File")) return;

        bool recurses = Recurse;
        if (!recurses && isContainer && Attempt(item.Path, () => InvokeProvider.ChildItem.HasChild(escaped), out bool hasChild) && hasChild)
        {
            recurses = ShouldContinue(
                $"The item at {item.Path} has children and the Recurse parameter was not specified. If you continue, all children will be "
                + "removed with the item. Are you sure you want to continue?",
                "Confirm",
                ref _yesToAll,
                ref _noToAll);
            if (!recurses) return;
        }

        Attempt(
            item.Path,
            () =>
            {
                InvokeProvider.Item.Remove([item.Path], recurses, Force, literalPath: true);
                return true;
            },
            out _);
    }
}
