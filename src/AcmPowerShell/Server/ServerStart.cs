using System.ComponentModel;
using System.Text.RegularExpressions;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Starts the staged server and waits until it is healthy.</summary>
internal static class ServerStart
{
    /// <summary>Time limit for the start, which takes 0.3 seconds on an idle machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private const string Cure =
        "Install the ASP.NET Core 10 runtime from https://dotnet.microsoft.com/download/dotnet/10.0, or build and run the server " +
        "from the module's repository: 'dotnet run --project src/Acm.Server'.";

    /// <summary>Starts the server and returns its process and its addresses. That for gRPC is null if the server has none.</summary>
    /// <exception cref="AcmException">The server cannot be started (<see cref="AcmErrorKind.ServerStartFailed"/>).</exception>
    internal static async Task<(ServerProcess Process, Uri Address, Uri? GrpcAddress)> RunAsync(
        IEnumerable<string> arguments, string input, bool isDetached, CancellationToken cancellationToken)
    {
        ServerProcess process = Launch(arguments, input, isDetached);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            Uri address = AddressIn(await ReadAsync(process, process.FirstLine, limit.Token).ConfigureAwait(false), process);
            await CheckHealthAsync(address, limit.Token).ConfigureAwait(false);
            string? grpcLine = await ReadAsync(process, process.GrpcAddressLine, limit.Token).ConfigureAwait(false);
            return (process, address, grpcLine is null ? null : AddressIn(grpcLine, process));
        }
        catch (Exception e)
        {
            process.Kill();
            if (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
                throw Failed($"The server was started but is not ready after {Patience.TotalSeconds} seconds.", process, e);
            if (e is HttpRequestException) throw Failed("The server was started but does not respond: " + e.Message, process, e);
            throw;
        }
    }

    private static ServerProcess Launch(IEnumerable<string> arguments, string input, bool isDetached)
    {
        string module = Path.GetDirectoryName(typeof(ServerStart).Assembly.Location)!;
        string server = Path.GetFullPath(Path.Combine(module, "..", "..", "server", "Acm.Server.dll"));
        string dotnet = DotnetHost.Find() ?? throw new AcmException(
            AcmErrorKind.ServerStartFailed, "The server needs the ASP.NET Core 10 runtime, and no 'dotnet' was found" + SearchedFolder() + ". " + Cure);
        try
        {
            return ServerProcess.Start(dotnet, Path.GetDirectoryName(server)!, [server, .. arguments], input, isDetached);
        }
        catch (Win32Exception e)
        {
            throw new AcmException(AcmErrorKind.ServerStartFailed, $"Cannot start '{dotnet}': {e.Message}", e) { Advice = Cure };
        }
    }

    private static string SearchedFolder() =>
        Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root ? $" in '{root}' (DOTNET_ROOT)" : "";

    /// <summary>Returns the address in a line of the server's output.</summary>
    private static Uri AddressIn(string line, ServerProcess process)
    {
        Match address = Regex.Match(line, "https?://[^\\s]+");
        return address.Success && Uri.TryCreate(address.Value, UriKind.Absolute, out Uri? uri) ? uri : throw Failed($"The server's output '{line}' does not contain a valid address.", process, null);
    }

    private static async Task<T> ReadAsync<T>(ServerProcess process, Task<T> told, CancellationToken cancellationToken)
    {
        var cancelled = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = cancellationToken.Register(() => cancelled.TrySetCanceled());
        Task first = await Task.WhenAny(told, process.Exited, cancelled.Task).ConfigureAwait(false);
        if (first == cancelled.Task) cancellationToken.ThrowIfCancellationRequested();
        if (first == process.Exited) throw Failed("The server could not be started.", process, null);

        return await told.ConfigureAwait(false);
    }

    private static async Task CheckHealthAsync(Uri address, CancellationToken cancellationToken)
    {
        // Local requests must not use the proxy of the environment.
        using var handler = new HttpClientHandler { UseProxy = false };
        using var http = new HttpClient(handler);
        using HttpResponseMessage answer = await http.GetAsync(new Uri(address, "/health"), cancellationToken).ConfigureAwait(false);
        answer.EnsureSuccessStatusCode();
    }

    private static AcmException Failed(string what, ServerProcess process, Exception? inner)
    {
        string said = process.ReadErrors().Trim();
        bool lacksRuntime = Regex.IsMatch(said, "Microsoft\\.AspNetCore\\.App|install or update \\.NET", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        if (lacksRuntime) return new AcmException(AcmErrorKind.ServerStartFailed, "The server needs the ASP.NET Core 10 runtime, which is not installed. " + Cure, inner);

        return new AcmException(AcmErrorKind.ServerStartFailed, said.Length == 0 ? what : what + " Output: " + said, inner);
    }
}
