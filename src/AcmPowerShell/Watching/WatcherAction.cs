using System.Management.Automation;
using System.Management.Automation.Language;
using System.Runtime.CompilerServices;

namespace AcmPowerShell;

/// <summary>
/// Wraps an action in a script block that reports its end, which PowerShell does not do. The job and error messages show the text of the action.
/// The end of an action that fails, or that Ctrl+C stops, is not reported.
/// </summary>
internal sealed class WatcherAction
{
    /// <summary>Number of elements in <c>$args</c>: the connection and the change.</summary>
    private const int ArgumentCount = 2;

    private readonly ScriptBlock _action;
    private readonly StrongBox<ScriptBlock> _bound = new();

    /// <param name="action">The action.</param>
    /// <param name="ends">Called on the runspace's thread after the action.</param>
    internal WatcherAction(ScriptBlock action, Action ends)
    {
        _action = action;
        IScriptExtent extent = Parser.ParseInput(action.ToString(), out _, out _).Extent;
        CommandBaseAst run = new CommandAst(
            extent,
            [new MemberExpressionAst(extent, Constant(_bound), Name(nameof(_bound.Value)), @static: false), .. Arguments()],
            TokenKind.Dot,
            redirections: null);
        var tell = new InvokeMemberExpressionAst(extent, Constant(ends), Name(nameof(ends.Invoke)), arguments: null, @static: false);
        StatementAst[] statements = [new PipelineAst(extent, run), new PipelineAst(extent, new CommandExpressionAst(extent, tell, redirections: null))];
        ScriptBlock = new ScriptBlockAst(extent, paramBlock: null, new StatementBlockAst(extent, statements, traps: null), isFilter: false).GetScriptBlock();

        ConstantExpressionAst Constant(object value) => new(extent, value);
        StringConstantExpressionAst Name(string name) => new(extent, name, StringConstantType.BareWord);
        VariableExpressionAst Given(bool splatted) => new(extent, "args", splatted);
        IEnumerable<CommandElementAst> Arguments() =>
            StrictParameters(action) is { } count
                ? Enumerable.Range(0, Math.Min(count, ArgumentCount)).Select(i => new IndexExpressionAst(extent, Given(splatted: false), Constant(i)))
                : [Given(splatted: true)];
    }

    /// <summary>Gets the script block to subscribe.</summary>
    internal ScriptBlock ScriptBlock { get; }

    /// <summary>Binds the action to the module that PowerShell created for it, which has <c>$Event</c> and related variables.</summary>
    /// <param name="module">The module of the subscription's job.</param>
    internal void RunIn(PSModuleInfo module) => _bound.Value = module.NewBoundScriptBlock(_action);

    /// <summary>Returns the number of parameters of an advanced script block, or null for other script blocks. Called as a command, an advanced script block rejects additional arguments, but not as an action.</summary>
    private static int? StrictParameters(ScriptBlock action)
    {
        var function = action.Ast as FunctionDefinitionAst;
        ParamBlockAst? block = (function?.Body ?? action.Ast as ScriptBlockAst)?.ParamBlock;
        ParameterAst[] parameters = [.. function?.Parameters ?? block?.Parameters ?? Enumerable.Empty<ParameterAst>()];
        bool isAdvanced = (block?.Attributes ?? Enumerable.Empty<AttributeAst>()).Concat(parameters.SelectMany(parameter => parameter.Attributes).OfType<AttributeAst>())
            .Any(attribute => attribute.TypeName.GetReflectionAttributeType() is { } type && (type == typeof(CmdletBindingAttribute) || type == typeof(ParameterAttribute)));
        return isAdvanced ? parameters.Length : null;
    }
}
