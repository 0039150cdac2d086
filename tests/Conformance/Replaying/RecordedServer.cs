using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Acm.Conformance.Json;
using Acm.Conformance.Recordings;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Conformance.Replaying;

/// <summary>A server that responds with the rows of a recording, for the test of the replayer.</summary>
internal sealed class RecordedServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly FakeTimeProvider _clock;
    private readonly Queue<Row> _rows;
    private readonly Lock _lock = new();
    private TaskCompletionSource _change = new();
    private int _hanging;

    public RecordedServer(Recording recording, FakeTimeProvider clock)
    {
        _clock = clock;
        _rows = new Queue<Row>(recording.Families.Where(f => f.Family != "grpc").SelectMany(f => f.Rows).Where(r => r.Request?.Text("target") == "http").OrderBy(r => r.At - (r.Elapsed / 1000)));
        _listener.Start();
        Running = AcceptAsync();
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Completes when the server is disposed.</summary>
    public Task Running { get; }

    /// <summary>Returns the number of held polls, and a task that completes when it changes.</summary>
    public (int Count, Task Change) WatchPolls()
    {
        lock (_lock) return (_hanging, _change.Task);
    }

    public void Dispose() => _listener.Dispose();

    private void ChangeHanging(int by)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            _hanging += by;
            changed = _change;
            _change = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.TrySetResult();
    }

    private async Task AcceptAsync()
    {
        var answers = new List<Task>();
        try
        {
            while (true) answers.Add(AnswerAsync(await _listener.AcceptSocketAsync()));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(answers);
        }
    }

    private async Task AnswerAsync(Socket socket)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        string head = await ReadAsync(stream);
        Row row;
        lock (_rows) row = _rows.Dequeue();
        string target = row.Request!.Text("path") + (row.Request.Text("query") is { Length: > 0 } query ? "?" + query : " ");

        // An invalidated token differs from that in the recording.
        target = target.Split("TOKEN")[0];
        if (!head.StartsWith($"{row.Request.Text("method")} {target}", StringComparison.Ordinal)) throw new InvalidOperationException($"'{head}' came in the place of '{target}'.");

        if (row.Elapsed > 1000 && row.IsPoll)
        {
            Task due = Task.Delay(TimeSpan.FromMilliseconds(row.Elapsed), _clock);
            ChangeHanging(1);
            await due;
            ChangeHanging(-1);
        }

        JsonMap response = row.Response!;
        if (response.Has("error"))
        {
            await stream.WriteAsync("HTTP/1.1 0 \r\n\r\n"u8.ToArray());
            return;
        }

        byte[] body = response.Text("body_base64") is { } binary ? Convert.FromBase64String(binary) : Encoding.UTF8.GetBytes(response.Text("body") ?? "");
        await WriteAsync(stream, response.Number("status").ToString(CultureInfo.InvariantCulture), response["headers"] as List<object?> ?? [], body);
    }

    private static async Task WriteAsync(NetworkStream stream, string status, List<object?> headers, byte[] body)
    {
        var head = new StringBuilder($"HTTP/1.1 {status} \r\nContent-Length: {body.Length}\r\n");
        foreach (List<object?> header in headers.Cast<List<object?>>()) head.Append((string)header[0]!).Append(": ").Append((string)header[1]!).Append("\r\n");
        await stream.WriteAsync(Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()));
        await stream.WriteAsync(body);
    }

    private static async Task<string> ReadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (head.Length < 4 || head.ToString(head.Length - 4, 4) != "\r\n\r\n")
        {
            if (await stream.ReadAsync(one) == 0) throw new IOException("The request ended too early.");

            head.Append((char)one[0]);
        }

        string text = head.ToString();
        string? length = text.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))?.Split(':')[1];
        await stream.ReadExactlyAsync(new byte[int.Parse(length ?? "0", CultureInfo.InvariantCulture)]);
        return text;
    }
}
