using Acm.Server.Commands;
using Acm.Tests.Support;

namespace Acm.Tests.Server;

/// <summary>Runs command lines of acm-server that end by themselves, in the test process.</summary>
internal static class ServerCommand
{
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        int exitCode = await CommandLine
            .RunAsync(arguments, new Dictionary<string, string>(), Path.GetTempPath(), () => throw new InvalidOperationException("Standard input was opened."), output, errors)
            .WaitAsync(Clients.Deadline, TestContext.Current.CancellationToken);
        return (exitCode, output.ToString(), errors.ToString());
    }
}
