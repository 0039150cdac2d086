using System.Globalization;
using System.Management.Automation.Language;
using System.Reflection;

namespace Acm.Tests.Pester;

/// <summary>
/// The tests of a suite, found in its text without running it, so that tests that get lost in the run are noticed. The cases of
/// a <c>-ForEach</c> must therefore be literals, inline or in a single assignment to the variable.
/// </summary>
internal sealed class SuiteFile
{
    private static readonly string[] Blocks = ["Describe", "Context"];

    private readonly ScriptBlockAst _script;

    private SuiteFile(string path)
    {
        Path = path;
        _script = Parser.ParseFile(path, out _, out ParseError[] errors);
        if (errors.Length > 0) throw new InvalidDataException($"'{path}' is no script: {errors[0].Message}");
    }

    /// <summary>Gets the folder of the suites.</summary>
    public static string Folder { get; } =
        typeof(SuiteFile).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "PesterPath").Value!;

    public static IEnumerable<SuiteFile> All =>
        Directory.GetFiles(Folder, "*.Tests.ps1").Order(StringComparer.Ordinal).Select(path => new SuiteFile(path));

    public string Path { get; }

    /// <summary>Gets the name of the suite, which is that of a cmdlet.</summary>
    public string Name => System.IO.Path.GetFileName(Path).Replace(".Tests.ps1", "", StringComparison.Ordinal);

    public static SuiteFile Read(string path) => new(path);

    public IReadOnlyList<SuiteTest> Tests()
    {
        var tests = new List<SuiteTest>();
        foreach (IGrouping<int, CommandAst> line in Calls("It").GroupBy(it => it.Extent.StartLineNumber))
        {
            int found = 0;
            foreach (CommandAst it in line)
            {
                List<CommandAst> path = Around(it);
                int cases = path.Aggregate(1, (product, block) => product * CasesOf(block));
                string name = string.Join(" > ", path.Select(NameOf));
                for (int i = 0; i < cases; i++) tests.Add(new SuiteTest(line.Key, found++, name));
            }
        }

        return tests;
    }

    /// <summary>Returns all calls of a command in the file.</summary>
    public IEnumerable<CommandAst> Calls(string command) => _script.FindAll(
        ast => ast is CommandAst call && string.Equals(call.GetCommandName(), command, StringComparison.OrdinalIgnoreCase),
        searchNestedScriptBlocks: true).Cast<CommandAst>();

    // The blocks around a test and the test itself, from the outside in.
    private static List<CommandAst> Around(CommandAst it)
    {
        var path = new List<CommandAst>();
        for (Ast? ast = it; ast is not null; ast = ast.Parent)
            if (ast is CommandAst call && (call == it || Blocks.Contains(call.GetCommandName(), StringComparer.OrdinalIgnoreCase))) path.Insert(0, call);
        return path;
    }

    private static string NameOf(CommandAst call) =>
        call.CommandElements.Skip(1).OfType<StringConstantExpressionAst>().FirstOrDefault()?.Value ?? call.GetCommandName();

    private int CasesOf(CommandAst call)
    {
        for (int i = 1; i < call.CommandElements.Count; i++)
        {
            if (call.CommandElements[i] is not CommandParameterAst { ParameterName: var name } parameter) continue;
            if (!name.Equals("ForEach", StringComparison.OrdinalIgnoreCase) && !name.Equals("TestCases", StringComparison.OrdinalIgnoreCase)) continue;
            return CasesOf(parameter.Argument ?? call.CommandElements[i + 1]);
        }

        return 1;
    }

    private int CasesOf(Ast value) => value switch
    {
        ArrayLiteralAst list => list.Elements.Count,
        ArrayExpressionAst array => array.SubExpression.Statements.Sum(CasesOf),
        ParenExpressionAst paren => CasesOf(paren.Pipeline),
        PipelineAst { PipelineElements: [CommandExpressionAst only] } => CasesOf(only.Expression),
        CommandExpressionAst only => CasesOf(only.Expression),
        HashtableAst or ConstantExpressionAst or ExpandableStringExpressionAst => 1,
        BinaryExpressionAst { Operator: TokenKind.DotDot, Left: ConstantExpressionAst from, Right: ConstantExpressionAst to } =>
            Math.Abs(Convert.ToInt32(to.Value, CultureInfo.InvariantCulture) - Convert.ToInt32(from.Value, CultureInfo.InvariantCulture)) + 1,
        VariableExpressionAst variable => CasesOf(AssignedTo(variable)),
        _ => throw new InvalidDataException($"{Path}:{value.Extent.StartLineNumber} How many cases there are can't be told from '{value.Extent.Text}'. Write them out."),
    };

    private StatementAst AssignedTo(VariableExpressionAst variable)
    {
        string name = variable.VariablePath.UserPath;
        List<StatementAst> values =
        [
            .. _script.FindAll(ast => ast is AssignmentStatementAst, searchNestedScriptBlocks: true).Cast<AssignmentStatementAst>()
                .Where(a => a.Left is VariableExpressionAst left && string.Equals(Unscoped(left), Unscoped(variable), StringComparison.OrdinalIgnoreCase))
                .Select(a => a.Right),
        ];
        return values is [var only]
            ? only
            : throw new InvalidDataException($"{Path}:{variable.Extent.StartLineNumber} ${name} is assigned {values.Count} times; the cases of a test are assigned once.");
    }

    private static string Unscoped(VariableExpressionAst variable) => variable.VariablePath.UserPath.Split(':')[^1];
}
