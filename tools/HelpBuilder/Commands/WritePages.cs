using System.Management.Automation;
using System.Management.Automation.Runspaces;
using HelpBuilder.Pages;

namespace HelpBuilder.Commands;

/// <summary>Writes and refreshes the pages of a module's commands.</summary>
internal static class WritePages
{
    public static void Run(string module, string docs, IReadOnlyList<string> names)
    {
        string folder = Path.Combine(docs, "cmdlets");
        Directory.CreateDirectory(folder);
        List<CmdletInfo> commands = Load(module);
        foreach (string name in names)
            if (!commands.Exists(command => command.Name.Equals(name, StringComparison.OrdinalIgnoreCase))) throw new HelpException(module, $"The module has no command {name}. Is it exported, and built?");

        foreach (CmdletInfo command in commands.Where(command => names.Count == 0 || names.Contains(command.Name, StringComparer.OrdinalIgnoreCase)))
        {
            XmlComments comments = Comments(module, command);
            string file = Path.Combine(folder, command.Name + ".md");
            CommandPage page = File.Exists(file) ? PageDraft.Refresh(PageReader.Read(file), command, comments) : PageDraft.Make(command, comments);
            string text = PageWriter.Write(page);
            if (File.Exists(file) && File.ReadAllText(file) == text) continue;

            File.WriteAllText(file, text);
            Console.WriteLine(file);
        }
    }

    /// <summary>Returns the compiled commands of a module from a runspace that imported it.</summary>
    public static List<CmdletInfo> Load(string module)
    {
        using Runspace runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        using var shell = PowerShell.Create(runspace);
        shell.AddCommand("Import-Module").AddParameter("Name", Path.GetFullPath(module)).AddParameter("PassThru").AddParameter("ErrorAction", "Stop");
        PSModuleInfo imported = shell.Invoke<PSModuleInfo>().Single();
        return [.. imported.ExportedCmdlets.Values.OrderBy(command => command.Name, StringComparer.Ordinal)];
    }

    // XML comments are not part of the staged module, so they are read from the build folder of its assembly.
    private static XmlComments Comments(string module, CmdletInfo command)
    {
        string assembly = Path.GetFileNameWithoutExtension(command.ImplementingType.Assembly.Location);
        string bin = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(module))!, "..", "..", "src", assembly, "bin");
        FileInfo? newest = Directory.Exists(bin)
            ? new DirectoryInfo(bin).EnumerateFiles(assembly + ".xml", SearchOption.AllDirectories).MaxBy(file => file.LastWriteTimeUtc)
            : null;
        return newest is null ? XmlComments.Empty : XmlComments.Load(newest.FullName);
    }
}
