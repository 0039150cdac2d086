using System.Net.Sockets;
using Acm.Server;
using Acm.Server.Commands;
using Acm.Server.Options;
using Acm.Server.Storage;

const int Failed = 1;
const int WrongOptions = 2;

if (args.Contains("--help"))
{
    Console.Write(HelpText.Write());
    return 0;
}

if (args.Contains("--version"))
{
    Console.WriteLine(ServerVersion.Text);
    return 0;
}

try
{
    if (CommandTable.IsCommand(args))
    {
        CommandTable.Run(args, Environment.GetEnvironmentVariables(), TimeProvider.System, Console.Out);
        return 0;
    }

    ServerOptions options = OptionsReader.Read(args, Environment.GetEnvironmentVariables(), Environment.CurrentDirectory, Console.OpenStandardInput);
    foreach (string warning in options.Warnings) Console.Error.WriteLine($"acm-server: warning: {warning}");

    if (options.Backup is { } copy)
    {
        Backup.Write(options.DataFile ?? throw new OptionsException("--backup cannot be used with --in-memory, which has no data file."), copy);
        return 0;
    }

    await using var server = new ServerHost(options, TimeProvider.System);
    await server.StartAsync(CancellationToken.None);

    // Parent processes wait for these lines, and read the addresses from them.
    foreach (string address in server.Addresses) Console.WriteLine($"Acm.Server listening on {address}");
    foreach (string address in server.GrpcAddresses) Console.Error.WriteLine($"acm-server: gRPC on {address}");
    Console.Error.WriteLine(options.DataFile is null ? "acm-server: data in memory" : $"acm-server: data in {Path.GetFullPath(options.DataFile)}");
    await server.WaitForStopAsync();
    return 0;
}
catch (OptionsException e)
{
    Console.Error.WriteLine($"acm-server: {e.Message} Run acm-server --help for the options.");
    return WrongOptions;
}
catch (Exception e) when (e is IOException or SocketException)
{
    Console.Error.WriteLine($"acm-server: {e.Message}");
    return Failed;
}
