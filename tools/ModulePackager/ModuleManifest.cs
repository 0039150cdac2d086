using System.Management.Automation.Language;

namespace ModulePackager;

/// <summary>The manifest of a module, read without running it.</summary>
internal sealed class ModuleManifest
{
    private readonly IReadOnlyDictionary<string, string[]> _values;

    private ModuleManifest(string path, IReadOnlyDictionary<string, string[]> values)
    {
        Path = path;
        _values = values;
    }

    public string Path { get; }

    /// <summary>Returns the only value of a key, which can be in PrivateData.PSData.</summary>
    public string this[string key] => All(key) is [string one] ? one : throw new PackagingException($"'{Path}' needs exactly one {key}.");

    public static ModuleManifest Read(string path)
    {
        ScriptBlockAst ast = Parser.ParseFile(path, out _, out ParseError[] errors);
        if (errors.Length > 0) throw new PackagingException($"'{path}' is no manifest: {errors[0].Message}");

        var values = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase);
        foreach (HashtableAst table in ast.FindAll(node => node is HashtableAst, searchNestedScriptBlocks: false).Cast<HashtableAst>())
        {
            foreach ((ExpressionAst key, StatementAst value) in table.KeyValuePairs)
            {
                if (Texts(value) is { } texts) values[((StringConstantExpressionAst)key).Value] = texts;
            }
        }

        return new ModuleManifest(path, values);
    }

    /// <summary>Returns all values of a key. Empty if the key is missing.</summary>
    public string[] All(string key) => _values.GetValueOrDefault(key) ?? [];

    // The packager ignores tables and expressions that are not constant.
    private static string[]? Texts(StatementAst statement)
    {
        if (statement is not PipelineAst { PipelineElements: [CommandExpressionAst { Expression: { } expression }] }) return null;

        return expression switch
        {
            StringConstantExpressionAst text => [text.Value],
            ArrayExpressionAst or ArrayLiteralAst => [.. expression.FindAll(node => node is StringConstantExpressionAst, searchNestedScriptBlocks: false).Cast<StringConstantExpressionAst>().Select(text => text.Value)],
            _ => null,
        };
    }
}
