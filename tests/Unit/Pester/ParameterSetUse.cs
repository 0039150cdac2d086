using System.Management.Automation;
using System.Management.Automation.Language;

namespace Acm.Tests.Pester;

/// <summary>Determines the parameter set of a call from its text, except for splatted parameters.</summary>
internal static class ParameterSetUse
{
    public static string? Of(CmdletInfo command, CommandAst call)
    {
        if (command.ParameterSets is [var only]) return only.Name;
        if (call.CommandElements.Any(e => e is VariableExpressionAst { Splatted: true })) return null;

        bool piped = call.Parent is PipelineAst pipeline && pipeline.PipelineElements[0] != call;
        (HashSet<string> named, int positional) = Arguments(command, call);
        List<CommandParameterSetInfo> possible = [.. command.ParameterSets.Where(set => Fits(set, named, positional, piped))];

        // Pipeline input is bound by value before it is bound by property name.
        if (piped && possible.Where(set => set.Parameters.Any(p => p.ValueFromPipeline && !named.Contains(p.Name))).ToList() is { Count: > 0 } byValue) possible = byValue;
        return possible is [var one] ? one.Name : possible.Find(set => set.IsDefault)?.Name;
    }

    private static (HashSet<string> Named, int Positional) Arguments(CmdletInfo command, CommandAst call)
    {
        var named = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        int positional = 0;
        for (int i = 1; i < call.CommandElements.Count; i++)
        {
            if (call.CommandElements[i] is not CommandParameterAst parameter)
            {
                positional++;
                continue;
            }

            ParameterMetadata found = command.ResolveParameter(parameter.ParameterName);
            if (!Cmdlet.CommonParameters.Contains(found.Name) && !Cmdlet.OptionalCommonParameters.Contains(found.Name)) named.Add(found.Name);
            // The value follows.
            if (!found.SwitchParameter && parameter.Argument is null) i++;
        }

        return (named, positional);
    }

    private static bool Fits(CommandParameterSetInfo set, HashSet<string> named, int positional, bool piped)
    {
        if (named.Any(name => !set.Parameters.Any(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))) return false;

        List<CommandParameterInfo> places = [.. set.Parameters.Where(p => p.Position >= 0 && !named.Contains(p.Name)).OrderBy(p => p.Position)];
        if (positional > places.Count) return false;

        return set.Parameters.Where(p => p.IsMandatory).All(p =>
            named.Contains(p.Name) || places.Take(positional).Contains(p) || (piped && (p.ValueFromPipeline || p.ValueFromPipelineByPropertyName)));
    }
}
