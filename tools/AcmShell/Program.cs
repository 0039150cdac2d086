using AcmShell.CommandLine;
using AcmShell.Running;

ShellOptions options;
try
{
    options = ShellOptions.Parse(args);
}
catch (UsageException e)
{
    Console.Error.WriteLine(e.Message);
    return ExitCodes.Usage;
}

if (options.Help)
{
    Console.Out.WriteLine(ShellOptions.HelpText);
    return ExitCodes.Success;
}

using var shell = new Shell(options);
return shell.Run();
