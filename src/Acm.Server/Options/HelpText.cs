using System.Text;
using Acm.Server.Commands;

namespace Acm.Server.Options;

internal static class HelpText
{
    private const int NameWidth = 36;

    public static string Write()
    {
        var text = new StringBuilder();
        text.Append("acm-server ").AppendLine(ServerVersion.Text);
        text.AppendLine("Stand-alone configuration server for clients of Alibaba Cloud ACM and Nacos.").AppendLine();
        text.AppendLine($"Usage: {"acm-server [options]",-NameWidth} run the server");
        foreach (CommandEntry command in CommandTable.All) text.AppendLine($"       {$"acm-server {command.Name} [options]",-NameWidth} {command.Help}");
        text.AppendLine();
        Write(text, OptionTable.All);
        foreach (CommandEntry command in CommandTable.All)
        {
            text.AppendLine().AppendLine($"Options of {command.Name}:");
            Write(text, command.Options);
        }

        text.AppendLine();
        text.AppendLine("Each server option can also be set as an environment variable (ACM_SERVER_SECRET_KEY_FILE) or as a member of \"AcmServer\" in");
        text.AppendLine("the settings file (\"secretKeyFile\"). The command line overrides the environment, which overrides the settings file.");
        text.AppendLine("The first line on standard output is the address that the server listens on; everything else goes to standard error.");
        return text.ToString();
    }

    private static void Write(StringBuilder text, IReadOnlyList<OptionEntry> options)
    {
        foreach (OptionEntry option in options)
        {
            string name = option.IsSwitch ? $"  --{option.Name}" : $"  --{option.Name} {option.Takes}";
            text.Append(name.PadRight(NameWidth)).Append(' ').AppendLine(option.Help);
        }
    }
}
