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

    protected override void ProcessRecord() => ForEachPath(Path, path => ForEachPath(Resolve(path).Select(p => p.Path), Remove));

    private void Remove(string path)
    {
        string escaped = WildcardPattern.Escape(path);
        bool isContainer = InvokeProvider.Item.IsContainer(escaped);
        if (!ShouldProcess(SessionState.Path.GetUnresolvedProviderPathFromPSPath(path), isContainer ? "Remove Directory" : "Remove File")) return;

        bool recurses = Recurse;
        if (!recurses && isContainer && InvokeProvider.ChildItem.HasChild(escaped))
        {
            recurses = ShouldContinue(
                $"The item at {path} has children and the Recurse parameter was not specified. If you continue, all children will be "
                + "removed with the item. Are you sure you want to continue?",
                "Confirm",
                ref _yesToAll,
                ref _noToAll);
            if (!recurses) return;
        }

        InvokeProvider.Item.Remove([path], recurses, Force, literalPath: true);
    }
}
