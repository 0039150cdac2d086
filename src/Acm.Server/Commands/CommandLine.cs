using System.Collections;
using System.Net.Sockets;
using Acm.Server.Options;
using Acm.Server.Storage;

namespace Acm.Server.Commands;

/// <summary>Runs a command line: the server, a command, or help.</summary>
internal static class CommandLine
{
    private const int Succeeded = 0;
    private const int Failed = 1;
    private const int WrongOptions = 2;

    /// <summary>Runs a command line; the server runs until it is stopped.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="environment">The environment variables.</param>
    /// <param name="folder">The folder for relative paths of options.</param>
    /// <param name="openInput">Opens the standard input, if an option reads it.</param>
    /// <param name="output">The standard output.</param>
    /// <param name="errors">The standard error.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments, IDictionary environment, string folder, Func<Stream> openInput, TextWriter output, TextWriter errors)
    {
        if (arguments.Contains("--help"))
        {
            output.Write(HelpText.Write());
            return Succeeded;
        }

        if (arguments.Contains("--version"))
        {
            output.WriteLine(ServerVersion.Text);
            return Succeeded;
        }

        try
        {
            if (CommandTable.IsCommand(arguments)) CommandTable.Run(arguments, environment, TimeProvider.System, output);
            else await RunServerAsync(OptionsReader.Read(arguments, environment, folder, openInput), output, errors).ConfigureAwait(false);
            return Succeeded;
        }
        catch (OptionsException e)
        {
            errors.WriteLine($"acm-server: {e.Message} Run acm-server --help for the options.");
            return WrongOptions;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            errors.WriteLine($"acm-server: {e.Message}");
            return Failed;
        }
    }

    private static async Task RunServerAsync(ServerOptions options, TextWriter output, TextWriter errors)
    {
        foreach (string warning in options.Warnings) errors.WriteLine($"acm-server: warning: {warning}");

        if (options.Backup is { } copy)
        {
            Backup.Write(options.DataFile ?? throw new OptionsException("--backup cannot be used with --in-memory, which has no data file."), copy);
            return;
        }

        var server = new ServerHost(options, TimeProvider.System);
        await using (server.ConfigureAwait(false))
        {
            await server.StartAsync(CancellationToken.None).ConfigureAwait(false);

            // Parent processes wait for these lines, and read the addresses from them.
            foreach (string address in server.Addresses) output.WriteLine($"Acm.Server listening on {address}");
            foreach (string address in server.GrpcAddresses) errors.WriteLine($"acm-server: gRPC on {address}");
            errors.WriteLine(options.DataFile is null ? "acm-server: data in memory" : $"acm-server: data in {Path.GetFullPath(options.DataFile)}");
            await server.WaitForStopAsync().ConfigureAwait(false);
        }
    }
}
