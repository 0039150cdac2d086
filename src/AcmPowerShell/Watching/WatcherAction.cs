using System.Management.Automation;
using System.Management.Automation.Language;
using System.Runtime.CompilerServices;

namespace AcmPowerShell;

/// <summary>
/// A script block to be subscribed in place of a script's action: it runs the action and tells when it ends, which PowerShell tells nobody. It reads as the action itself, in the job and in messages.
/// An action that fails, or that Ctrl+C stops, does not reach its end.
/// </summary>
internal sealed class WatcherAction
{
    /// <summary>What <c>$args</c> is: the connection and the change.</summary>
    private const int ArgumentCount = 2;

    private readonly ScriptBlock _action;
    private readonly StrongBox<ScriptBlock> _bound = new();

    /// <param name="action">The script's.</param>
    /// <param name="ends">Called on the thread of the runspace after it.</param>
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

    /// <summary>What to subscribe.</summary>
    internal ScriptBlock ScriptBlock { get; }

    /// <summary>Has the action run in the module that PowerShell made for it, where <c>$Event</c> and its like are.</summary>
    /// <param name="module">The module of the subscription's job.</param>
    internal void RunIn(PSModuleInfo module) => _bound.Value = module.NewBoundScriptBlock(_action);

    /// <summary>How many parameters an advanced script block has, which refuses further arguments when it is called as a command, and not when PowerShell runs it as an action. Null for any other.</summary>
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
