using System.Collections.Concurrent;
using System.Numerics;
using System.Text.Json;
using Acm.Conformance.Json;
using Acm.Conformance.Recordings;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Conformance.Replaying;

/// <summary>Sends the recorded requests over gRPC again, and records the answers and what is pushed.</summary>
internal sealed class GrpcReplay : IDisposable
{
    /// <summary>The server looks once a second for what is due.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private const int Looks = 6;
    private const double LongMilliseconds = 1000;
    private const int EarlyRows = 3;

    private readonly Uri _server;
    private readonly Func<string, string> _translate;
    private readonly FakeTimeProvider _clock;
    private readonly HashSet<(string Scenario, string Label)> _silent;
    private readonly Dictionary<string, GrpcPeer> _peers = [];
    private readonly ConcurrentQueue<Row> _pushes = new();
    private readonly Dictionary<string, int> _expected = [];
    private readonly ConcurrentDictionary<string, int> _come = new();
    private string _scenario = "";
    private volatile string _current = "";

    /// <param name="server">The gRPC port.</param>
    /// <param name="rows">All that was recorded over gRPC.</param>
    /// <param name="translate">Puts our tokens and identifiers in the place of the recorded ones.</param>
    /// <param name="clock">The clock of the server.</param>
    public GrpcReplay(Uri server, IEnumerable<Row> rows, Func<string, string> translate, FakeTimeProvider clock)
    {
        _server = server;
        _translate = translate;
        _clock = clock;
        _silent = [.. rows.Where(row => row.IsPush && row.Members["acknowledged"] is false && row.Response!.Text("type") != "SetupAckRequest").Select(row => (row.Scenario, Label(row.Step)))];
    }

    /// <summary>Whether a row is of gRPC, in a family where some are of HTTP.</summary>
    public static bool IsGrpc(Row row) => row.Request is null ? !row.Members.Has("listing") : row.Request.Has("rpc");

    /// <summary>
    /// When the rows are to be played: in their order, and a request whose answer took long when that came, as its body did. The push that a request brought may have been written before its answer: it
    /// waits for the request.
    /// </summary>
    public static IEnumerable<(double Time, Row Row)> Times(IReadOnlyList<Row> rows)
    {
        double floor = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            Row row = rows[i];
            bool isEarlyPush = row.IsPush && rows.Skip(i + 1).Take(EarlyRows).Any(later => later.Step == row.Members.Text("after") && later.Request is not null && later.Elapsed > 0);
            if (isEarlyPush) yield return (rows.Skip(i + 1).First(later => later.Step == row.Members.Text("after")).At, row);
            else yield return (floor = Math.Max(floor, row.Request is not null && row.Elapsed < LongMilliseconds ? row.At - (row.Elapsed / 1000) : row.At), row);
        }
    }

    /// <summary>Takes note of a request over HTTP. Before the recorder cleans up it closes its connections.</summary>
    public void NoteHttp(Row row)
    {
        if (row.Step == "zz-cleanup") Enter("");
        else _current = row.Step;
    }

    /// <summary>Carries out what a row stands for.</summary>
    /// <returns>The row of ours; null for a push, which comes by itself.</returns>
    public async Task<Row?> PlayAsync(Row real)
    {
        Enter(real.Scenario);
        if (real.IsPush)
        {
            await WaitForPushAsync(Label(real.Step));
            return null;
        }

        var ours = new Row(real.Members.Clone());
        if (real.Request is { } request) await SendAsync(real, request, ours);
        else await NoteAsync(real, ours);
        ours.Members["at"] = Seconds();
        return ours;
    }

    /// <summary>The pushes that have come since the last time.</summary>
    public IEnumerable<Row> TakePushes()
    {
        while (_pushes.TryDequeue(out Row? row)) yield return row;
    }

    public void Dispose() => Enter("");

    private static string Label(string step) => step["push-".Length..];

    private double Seconds() => _clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;

    private void Enter(string scenario)
    {
        if (scenario == _scenario) return;

        foreach (GrpcPeer peer in _peers.Values) peer.Dispose();
        _peers.Clear();
        _expected.Clear();
        _come.Clear();
        _scenario = scenario;
    }

    private GrpcPeer Peer(string label)
    {
        if (_peers.TryGetValue(label, out GrpcPeer? peer)) return peer;

        string scenario = _scenario;
        return _peers[label] = new GrpcPeer(_server, !_silent.Contains((scenario, label)), message =>
        {
            if (_scenario != scenario) return;

            var row = new Row((JsonMap)JsonValue.Parse(JsonSerializer.Serialize(new { scenario, step = "push-" + label, at = Seconds(), request = (object?)null, elapsed_ms = 0, after = _current }))!);
            row.Members["response"] = message.ToRow();
            _pushes.Enqueue(row);
            _come.AddOrUpdate(label, 1, static (_, count) => count + 1);
        });
    }

    private async Task SendAsync(Row real, JsonMap request, Row ours)
    {
        _current = real.Step;
        GrpcPeer peer = Peer(real.Members.Text("connection") ?? "probe");
        JsonMap headers = request.Map("headers") ?? new JsonMap();
        byte[] message = GrpcMessage.Write(request.Text("type") ?? "", Body(real, request), headers.Names.Select(name => new KeyValuePair<string, string>(name, _translate(headers.Text(name) ?? ""))));
        if (request.Text("rpc") != "/Request/request")
        {
            await peer.SendAsync(message, real.Step.StartsWith("second-stream", StringComparison.Ordinal));
            return;
        }

        (GrpcMessage? answer, string? error) = await peer.AskAsync(message);
        ours.Members["response"] = answer?.ToRow() ?? (JsonMap)JsonValue.Parse(JsonSerializer.Serialize(new { error }))!;
    }

    // The recorder notes of a large content how large it was.
    private static string Body(Row real, JsonMap request)
    {
        if (request.Text("body") is { } body) return body;

        int length = real.Step switch
        {
            "size-1MB" => 1 << 20,
            "size-5MB" => 5 << 20,
            "size-10MB-1KB" => (10 << 20) - 1024,
            _ => (10 << 20) + 1,
        };
        return JsonSerializer.Serialize(new { dataId = "rec.gp", group = "REC", content = new string('h', length), additionMap = new { } });
    }

    private async Task NoteAsync(Row real, Row ours)
    {
        string? label = real.Members.Text("connection") ?? (real.Step.StartsWith("end-", StringComparison.Ordinal) ? real.Step["end-".Length..] : null);
        if (real.Step == "half-closed") await Peer("first").EndStreamAsync();
        if (real.Step == "half-closed") label = "first";
        if (real.Step == "pushes") label = "silent";
        if (label is not null) await Peer(label).CatchUpAsync();
        if (label is not null && real.Members.Has("stream_end")) ours.Members["stream_end"] = Peer(label).End;

        if (real.Members.Has("count")) ours.Members["count"] = new BigInteger(_come.GetValueOrDefault("silent") - 1);
    }

    private async Task WaitForPushAsync(string label)
    {
        GrpcPeer peer = Peer(label);
        int wanted = _expected[label] = _expected.GetValueOrDefault(label) + 1;
        await peer.CatchUpAsync();
        for (int i = 0; i < Looks && _come.GetValueOrDefault(label) < wanted; i++)
        {
            _clock.Advance(Look);
            await peer.CatchUpAsync();
        }
    }
}
