using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Provider;
using System.Text;

namespace AcmShell.Commands;

[Cmdlet(VerbsCommon.Get, "Content", DefaultParameterSetName = ByPath)]
internal sealed class GetContentCommand : PathCommand
{
    [Parameter(Position = 0, ParameterSetName = ByPath, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [];

    [Parameter(ParameterSetName = ByLiteralPath, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath
    {
        get => Path;
        set => Path = value;
    }

    [Parameter]
    public SwitchParameter Raw { get; set; }

    [Parameter]
    [EncodingArgument]
    public Encoding Encoding { get; set; } = EncodingArgument.Default;

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    [Alias("First", "Head")]
    public int TotalCount { get; set; } = int.MaxValue;

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    [Alias("Last")]
    public int Tail { get; set; } = -1;

    protected override void ProcessRecord()
    {
        foreach (string path in Path)
        {
            if (!Attempt(path, () => Resolve(path), out var items)) continue;
            foreach (PathInfo item in items)
            {
                if (!Attempt(item.Path, () => Read(item), out var content)) continue;
                for (int i = 0; i < content.Count; i++) WriteObject(WithOrigin(content[i], item, readCount: i + 1));
            }
        }
    }

    private List<object> Read(PathInfo item)
    {
        IEnumerable<object> content = IsFileSystem(item) ? ReadFile(item.ProviderPath) : ReadItem(item.Path);
        if (Tail >= 0) content = content.TakeLast(Tail);
        return [.. content.Take(TotalCount)];
    }

    private IEnumerable<object> ReadFile(string file)
    {
        if (!Raw) return File.ReadLines(file, Encoding);
        string text = File.ReadAllText(file, Encoding);
        return text.Length == 0 ? [] : [text];
    }

    private IEnumerable<object> ReadItem(string path)
    {
        foreach (IContentReader reader in InvokeProvider.Content.GetReader([path], force: false, literalPath: true))
        {
            using (reader)
            {
                while (reader.Read(1) is IList { Count: > 0 } read) yield return read[0]!;
                reader.Close();
            }
        }
    }

    /// <summary>The real command says on every line where it came from; commands after it in a pipeline bind to that.</summary>
    private PSObject WithOrigin(object line, PathInfo item, long readCount)
    {
        PSObject result = PSObject.AsPSObject(line);
        void Note(string name, object? value) => result.Properties.Add(new PSNoteProperty(name, value));
        Note("PSPath", item.Path);
        if (IsFileSystem(item))
        {
            Note("PSParentPath", SessionState.Path.ParseParent(item.Path, string.Empty));
            Note("PSChildName", SessionState.Path.ParseChildName(item.Path));
        }

        if (item.Drive is not null) Note("PSDrive", item.Drive);
        Note("PSProvider", item.Provider);
        Note("ReadCount", readCount);
        return result;
    }
}
