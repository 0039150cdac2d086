using System.Collections;
using System.Management.Automation;
using System.Text;

namespace AcmShell.Commands;

/// <summary>Writes files; other providers' items it refuses.</summary>
[Cmdlet(VerbsCommon.Set, "Content", SupportsShouldProcess = true, DefaultParameterSetName = ByPath)]
internal sealed class SetContentCommand : PathCommand, IDisposable
{
    private readonly List<StreamWriter> _writers = [];
    private bool _opened;

    [Parameter(Position = 0, ParameterSetName = ByPath, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [];

    [Parameter(ParameterSetName = ByLiteralPath, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath
    {
        get => Path;
        set => Path = value;
    }

    [Parameter(Position = 1, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? Value { get; set; }

    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    [Parameter]
    [EncodingArgument]
    public Encoding Encoding { get; set; } = EncodingArgument.Default;

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        if (!_opened)
        {
            foreach (string path in Path) Open(path);
        }

        _opened = true;
        foreach (object? value in Value ?? []) Write(value);
        if (PassThru) WriteObject(Value, enumerateCollection: true);
    }

    protected override void EndProcessing() => Dispose();

    public void Dispose()
    {
        foreach (StreamWriter writer in _writers) writer.Dispose();
        _writers.Clear();
    }

    private void Open(string path)
    {
        if (!Attempt(path, () => Files(path), out var files)) return;
        foreach (string file in files)
        {
            if (!ShouldProcess($"Path: {file}", "Set Content")) continue;
            if (Attempt(path, () => new StreamWriter(file, append: false, Encoding), out var writer)) _writers.Add(writer);
        }
    }

    private IReadOnlyList<string> Files(string path)
    {
        if (!IsLiteral && WildcardPattern.ContainsWildcardCharacters(path))
            return [.. Resolve(path).Where(IsFileSystem).Select(p => p.ProviderPath)];

        string file = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
        return provider.ImplementingType == typeof(Microsoft.PowerShell.Commands.FileSystemProvider)
            ? [file]
            : throw new PSNotSupportedException($"AcmShell's Set-Content writes files only; '{path}' is of the provider {provider.Name}.");
    }

    private void Write(object? value)
    {
        if (value is PSObject { BaseObject: not string and IEnumerable items })
        {
            foreach (object? item in items) Write(item);
            return;
        }

        string text = value?.ToString() ?? string.Empty;
        foreach (StreamWriter writer in _writers)
        {
            writer.Write(text);
            if (!NoNewline) writer.Write(Environment.NewLine);
        }
    }
}
