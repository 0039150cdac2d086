using System.Management.Automation;
using System.Management.Automation.Language;
using System.Runtime.CompilerServices;

namespace AcmPowerShell;

/// <summary>
/// A script block to be subscribed in place of a script's action: it runs the action and tells when it begins and ends, which PowerShell tells nobody. It reads as the action itself, in the job and in messages.
/// An action that fails, or that Ctrl+C stops, does not reach its end.
/// </summary>
internal sealed class WatcherAction
{
    private readonly ScriptBlock _action;
    private readonly StrongBox<ScriptBlock> _bound = new();

    /// <param name="action">The script's.</param>
    /// <param name="begins">Called on the thread of the runspace before the action.</param>
    /// <param name="ends">Called on the thread of the runspace after it.</param>
    internal WatcherAction(ScriptBlock action, Action begins, Action ends)
    {
        _action = action;
        IScriptExtent extent = Parser.ParseInput(action.ToString(), out _, out _).Extent;
        CommandBaseAst run = new CommandAst(
            extent,
            [new MemberExpressionAst(extent, Constant(_bound), Name(nameof(_bound.Value)), @static: false), new VariableExpressionAst(extent, "args", splatted: true)],
            TokenKind.Dot,
            redirections: null);
        StatementAst[] statements = [Invoke(begins), new PipelineAst(extent, run), Invoke(ends)];
        ScriptBlock = new ScriptBlockAst(extent, paramBlock: null, new StatementBlockAst(extent, statements, traps: null), isFilter: false).GetScriptBlock();

        ConstantExpressionAst Constant(object value) => new(extent, value);
        StringConstantExpressionAst Name(string name) => new(extent, name, StringConstantType.BareWord);
        StatementAst Invoke(Action told) =>
            new PipelineAst(extent, new CommandExpressionAst(extent, new InvokeMemberExpressionAst(extent, Constant(told), Name(nameof(told.Invoke)), arguments: null, @static: false), redirections: null));
    }

    /// <summary>What to subscribe.</summary>
    internal ScriptBlock ScriptBlock { get; }

    /// <summary>Has the action run in the module that PowerShell made for it, where <c>$Event</c> and its like are.</summary>
    /// <param name="module">The module of the subscription's job.</param>
    internal void RunIn(PSModuleInfo module) => _bound.Value = module.NewBoundScriptBlock(_action);
}
