using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Acm.Benchmarks;

/// <summary>Reads a URL repeatedly on several connections, with wrk if it is installed, otherwise with sockets of this process, which use more processor time.</summary>
internal static class GetLoad
{
    private const int Connections = 16;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(3);

    /// <summary>Gets the name of the load generator.</summary>
    public static string Tool { get; } = FindWrk() is null ? "sockets of this process" : "wrk -t1 -c16";

    /// <returns>The responses per second.</returns>
    public static Task<double> RunAsync(Uri address) => FindWrk() is { } wrk ? RunWrkAsync(wrk, address) : RunSocketsAsync(address);

    private static string? FindWrk() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "wrk")).FirstOrDefault(File.Exists);

    private static async Task<double> RunWrkAsync(string wrk, Uri address)
    {
        string[] arguments = ["-t1", FormattableString.Invariant($"-c{Connections}"), FormattableString.Invariant($"-d{Length.TotalSeconds:0}s"), address.ToString()];
        using Process process = Process.Start(new ProcessStartInfo(wrk, arguments) { RedirectStandardOutput = true })!;
        string report = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (report.Contains("Non-2xx", StringComparison.Ordinal)) throw new InvalidOperationException(report);

        return double.Parse(Regex.Match(report, @"Requests/sec:\s+([\d.]+)").Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private static async Task<double> RunSocketsAsync(Uri address)
    {
        byte[] request = Encoding.ASCII.GetBytes($"GET {address.PathAndQuery} HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n");
        int answerLength = await AnswerLengthAsync(address, request);
        var clock = Stopwatch.StartNew();
        int[] counts = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(() => ReadUntilAsync(address, request, answerLength, clock))));
        return counts.Sum() / clock.Elapsed.TotalSeconds;
    }

    private static async Task<int> ReadUntilAsync(Uri address, byte[] request, int answerLength, Stopwatch clock)
    {
        using Socket socket = await ConnectAsync(address);
        byte[] buffer = new byte[answerLength];
        int count = 0;
        for (; clock.Elapsed < Length; count++)
        {
            await socket.SendAsync(request);
            for (int received = 0; received < answerLength;) received += await socket.ReceiveAsync(buffer.AsMemory(received));
        }

        return count;
    }

    // All responses of a URL have the same length; only the time in them changes.
    private static async Task<int> AnswerLengthAsync(Uri address, byte[] request)
    {
        using Socket socket = await ConnectAsync(address);
        await socket.SendAsync(request);
        byte[] buffer = new byte[64 * 1024];
        int received = 0;
        while (true)
        {
            received += await socket.ReceiveAsync(buffer.AsMemory(received));
            string text = Encoding.Latin1.GetString(buffer, 0, received);
            int head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head < 0) continue;

            int body = int.Parse(Regex.Match(text, @"Content-Length: (\d+)").Groups[1].Value, CultureInfo.InvariantCulture);
            if (received >= head + 4 + body) return head + 4 + body;
        }
    }

    private static async Task<Socket> ConnectAsync(Uri address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Parse(address.Host), address.Port);
        return socket;
    }
}
