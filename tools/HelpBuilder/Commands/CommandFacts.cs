using System.Management.Automation;
using HelpBuilder.Pages;

namespace HelpBuilder.Commands;

/// <summary>The facts about a command that its page contains, read from the command.</summary>
internal sealed record CommandFacts(string Name, IReadOnlyList<SyntaxEntry> Syntaxes, IReadOnlyList<ParameterFacts> Parameters, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs)
{
    public static CommandFacts Of(CmdletInfo command)
    {
        object instance = Activator.CreateInstance(command.ImplementingType)!;
        List<ParameterMetadata> own = [.. command.Parameters.Values.Where(p => !Cmdlet.CommonParameters.Contains(p.Name)).OrderBy(p => p.Name, StringComparer.OrdinalIgnoreCase)];
        return new CommandFacts(
            command.Name,
            [.. command.ParameterSets.Select(set => SyntaxText.Of(command, set))],
            [.. own.Select(parameter => ParameterFacts.Of(parameter, instance))],
            [.. own.Where(p => p.ParameterSets.Values.Any(s => s.ValueFromPipeline || s.ValueFromPipelineByPropertyName)).Select(p => TypeName.Full(p.ParameterType)).Distinct()],
            [.. command.OutputType.Select(type => type.Name)]);
    }
}
