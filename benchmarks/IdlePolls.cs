using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Acm.Benchmarks;

/// <summary>
/// Measures the cost of thousands of long polls on a separate server: memory, processor time while idle,
/// and the time from a publish to the responses of the affected polls. Arguments: path of Acm.Server.dll, number of polls.
/// </summary>
internal static class IdlePolls
{
    private const int DefaultPolls = 10_000;
    private const int KeysWatched = 1_000;
    private const int ConnectionsPerAddress = 5_000;
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string[] args)
    {
        int polls = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : DefaultPolls;
        using Process server = Process.Start(new ProcessStartInfo("dotnet", [args[0], "--in-memory", "--urls", "http://127.0.0.1:0", "--stop-on-stdin-close"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        string line = await server.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The server did not start.");
        var uri = new Uri(line[(line.LastIndexOf(' ') + 1)..]);
        long memoryBefore = Memory(server);

        var clients = new List<Socket>();
        var connecting = Stopwatch.StartNew();
        for (int i = 0; i < polls; i++) clients.Add(await HangAsync(uri, i));
        await WaitForPollsAsync(uri, polls);
        Console.WriteLine($"{polls} polls hang after {connecting.Elapsed.TotalSeconds:F1} s, {(Memory(server) - memoryBefore) / 1024.0 / polls:F1} KB each");

        TimeSpan before = Processor(server);
        var idle = Stopwatch.StartNew();
        await Task.Delay(IdleTime);
        double share = (Processor(server) - before) / idle.Elapsed;
        Console.WriteLine($"idle for {idle.Elapsed.TotalSeconds:F1} s: {share:P2} of a core");

        await WakeAsync(uri, clients, key: 7, "of one key");
        TimeSpan all = await WakeAllAsync(uri, clients);
        Console.WriteLine($"all the others, woken by {KeysWatched} publishes: {all.TotalMilliseconds:F0} ms");

        clients.ForEach(client => client.Dispose());
        server.StandardInput.Close();
        await server.WaitForExitAsync();
        return server.ExitCode;
    }

    private static async Task<Socket> HangAsync(Uri server, int number)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        // A single address has too few ports for very many connections to the server.
        socket.Bind(new IPEndPoint(new IPAddress([127, 0, 0, (byte)(2 + (number / ConnectionsPerAddress))]), 0));
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Port));
        string body = $"Probe-Modify-Request=k{number % KeysWatched}%02G%02%01";
        await SendAsync(socket, $"POST /diamond-server/config.co HTTP/1.1\r\nHost: localhost\r\nlongPullingTimeout: 120000\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        return socket;
    }

    private static async Task WaitForPollsAsync(Uri server, int count)
    {
        using var http = new HttpClient { BaseAddress = server };
        int hanging;
        do
        {
            using var health = JsonDocument.Parse(await http.GetStringAsync(new Uri("/health", UriKind.Relative)));
            hanging = health.RootElement.GetProperty("hangingPolls").GetInt32();
        }
        while (hanging != count);
    }

    private static async Task WakeAsync(Uri server, List<Socket> clients, int key, string what)
    {
        Socket[] watching = [.. clients.Where((_, i) => i % KeysWatched == key)];
        var time = Stopwatch.StartNew();
        Task[] answers = [.. watching.Select(ReadAnswerAsync)];
        await PublishAsync(server, key);
        await Task.WhenAll(answers);
        Console.WriteLine($"{watching.Length} polls {what}, publish to last answer: {time.Elapsed.TotalMilliseconds:F1} ms");
        clients.RemoveAll(watching.Contains);
        foreach (Socket socket in watching) socket.Dispose();
    }

    private static async Task<TimeSpan> WakeAllAsync(Uri server, List<Socket> clients)
    {
        var time = Stopwatch.StartNew();
        Task[] answers = [.. clients.Select(ReadAnswerAsync)];
        await Task.WhenAll(Enumerable.Range(0, KeysWatched).Select(key => PublishAsync(server, key)));
        await Task.WhenAll(answers);
        return time.Elapsed;
    }

    private static async Task PublishAsync(Uri server, int key)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Port));
        string body = $"dataId=k{key}&group=G&content={Guid.NewGuid():N}";
        await SendAsync(socket, $"POST /diamond-server/basestone.do?method=syncUpdateAll HTTP/1.1\r\nHost: localhost\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        await ReadAnswerAsync(socket);
    }

    private static async Task SendAsync(Socket socket, string request) => await socket.SendAsync(Encoding.ASCII.GetBytes(request));

    private static async Task ReadAnswerAsync(Socket socket)
    {
        var buffer = new byte[1024];
        int read = await socket.ReceiveAsync(buffer);
        string answer = Encoding.ASCII.GetString(buffer, 0, read);
        if (!answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal)) throw new InvalidOperationException($"The server answered '{answer}'.");
    }

    private static long Memory(Process process)
    {
        process.Refresh();
        return process.WorkingSet64;
    }

    private static TimeSpan Processor(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }
}
