using System.Management.Automation;
using System.Text;
using HelpBuilder.Pages;

namespace HelpBuilder.Commands;

/// <summary>Formats the syntax of a parameter set: positional, mandatory and then other parameters, wrapped as in the schema.</summary>
internal static class SyntaxText
{
    private const int Width = 100;

    public static SyntaxEntry Of(CommandInfo command, CommandParameterSetInfo set)
    {
        List<CommandParameterInfo> own = [.. set.Parameters.Where(p => !Cmdlet.CommonParameters.Contains(p.Name))];
        IEnumerable<CommandParameterInfo> ordered =
        [
            .. own.Where(p => p.Position != int.MinValue).OrderBy(p => p.Position),
            .. own.Where(p => p.Position == int.MinValue && p.IsMandatory),
            .. own.Where(p => p.Position == int.MinValue && !p.IsMandatory),
        ];

        var text = new StringBuilder();
        string line = command.Name;
        foreach (string word in ordered.Select(Word).Append("[<CommonParameters>]"))
        {
            if (line.Length + word.Length + 1 > Width)
            {
                text.Append(line).Append('\n');
                line = "";
            }

            line += " " + word;
        }

        return new SyntaxEntry(set.Name, set.IsDefault, text.Append(line).ToString());
    }

    private static string Word(CommandParameterInfo parameter)
    {
        string name = "-" + parameter.Name;
        bool isSwitch = parameter.ParameterType == typeof(SwitchParameter);
        if (parameter.Position != int.MinValue && !isSwitch) name = $"[{name}]";
        if (!isSwitch) name += $" <{TypeName.Short(parameter.ParameterType)}>";
        return parameter.IsMandatory ? name : $"[{name}]";
    }
}
