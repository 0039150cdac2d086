using System.Management.Automation;

namespace AcmShell.Commands;

[Cmdlet(VerbsDiagnostic.Test, "Path", DefaultParameterSetName = ByPath)]
[OutputType(typeof(bool))]
internal sealed class TestPathCommand : PathCommand
{
    public enum Kind
    {
        Any,
        Container,
        Leaf,
    }

    [Parameter(Position = 0, ParameterSetName = ByPath, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string[] Path { get; set; } = [];

    [Parameter(ParameterSetName = ByLiteralPath, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [AllowEmptyString]
    public string[] LiteralPath
    {
        get => Path;
        set => Path = value;
    }

    [Parameter]
    [Alias("Type")]
    public Kind PathType { get; set; }

    protected override void ProcessRecord()
    {
        foreach (string path in Path)
        {
            if (Attempt(path, () => Exists(path), out bool exists)) WriteObject(exists);
        }
    }

    private bool Exists(string path)
    {
        if (string.IsNullOrWhiteSpace(path)) return false;
        try
        {
            if (!InvokeProvider.Item.Exists(path, force: false, IsLiteral)) return false;
            return PathType == Kind.Any
                || InvokeProvider.Item.IsContainer(IsLiteral ? WildcardPattern.Escape(path) : path) == (PathType == Kind.Container);
        }
        catch (Exception e) when (e is System.Management.Automation.DriveNotFoundException or ProviderNotFoundException or ItemNotFoundException)
        {
            return false;
        }
    }
}
