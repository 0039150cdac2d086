namespace AcmPowerShell;

/// <summary>Completes the configuration types of Nacos.</summary>
public sealed class TypeCompleter : Completer
{
    private static readonly string[] Types = ["properties", "xml", "json", "text", "html", "yaml", "toml", "unset"];

    private protected override IEnumerable<(string Text, string Tip)> Find(CompletionRequest request) =>
        Types.Select(type => (type, type == "unset" ? "No type was specified" : $"Content of type {type}"));
}
