using System.Numerics;
using Acm.Conformance.Recordings;

namespace Acm.Conformance.Replaying;

/// <summary>
/// Sends the requests of a recording to a server, each at its recorded time on the server's clock, and records the responses. Only polls overlap
/// with other requests. The clock is only advanced while no other request is pending, so that held polls take no real time.
/// </summary>
internal sealed class Replayer
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ChangeTime = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestHold = TimeSpan.FromMinutes(2);

    private readonly ReplayTarget _target;
    private TimeSpan _behind;
    private readonly Translation _translation = new();
    private readonly List<Exchange> _polls = [];
    private readonly Recording _ours = new();
    private readonly GrpcReplay? _grpc;
    private readonly Dictionary<(string Scenario, string Step), Exchange> _last = [];

    private Replayer(ReplayTarget target, Recording real)
    {
        _target = target;
        if (target.Grpc is { } server) _grpc = new GrpcReplay(server, real.AllRows, _translation.ToOurs, target.Clock);
    }

    private bool HasHangingPolls => _polls.Exists(poll => !poll.IsOver);

    /// <summary>Returns the responses of the server to the requests of the recording.</summary>
    public static async Task<Recording> ReplayAsync(Recording real, ReplayTarget target)
    {
        var replayer = new Replayer(target, real);
        using GrpcReplay? grpc = replayer._grpc;
        IEnumerable<(double Time, bool IsEnd, string Family, Row Row)> events = real.Families
            .Where(family => family.Family != "grpc" || grpc is not null)
            .SelectMany(family => family.Rows.Where(row => family.Family == "grpc" ? !GrpcReplay.IsGrpc(row) : row.Request is null || row.Request.Text("target") == "http").SelectMany(row => new[]
            {
                (Time: row.At - (row.Elapsed / 1000), IsEnd: false, family.Family, Row: row),
                (Time: row.At, IsEnd: true, family.Family, Row: row),
            }))
            .Concat(grpc is null ? [] : GrpcReplay.Times([.. real.Families.Where(family => family.Family == "grpc").SelectMany(family => family.Rows).Where(GrpcReplay.IsGrpc)]).Select(entry => (entry.Time, IsEnd: true, Family: "grpc", entry.Row)));
        foreach ((double time, bool isEnd, string family, Row row) in events.OrderBy(e => e.Time).ToList())
        {
            await replayer.MoveToAsync(DateTimeOffset.UnixEpoch.AddSeconds(time) + replayer._behind);
            if (family == "grpc" && GrpcReplay.IsGrpc(row)) await replayer.PlayAsync(grpc!, row);
            else if (!isEnd) await replayer.BeginAsync(row, family);
            else await replayer.EndAsync(family, row);
        }

        return replayer._ours;
    }

    private async Task MoveToAsync(DateTimeOffset time)
    {
        while (_target.Clock.GetUtcNow() < time)
        {
            TimeSpan left = time - _target.Clock.GetUtcNow();
            if (!HasHangingPolls)
            {
                _target.Clock.Advance(left);
                return;
            }

            _target.Clock.Advance(left < Step ? left : Step);
            await SettleAsync();
        }
    }

    private async Task PlayAsync(GrpcReplay grpc, Row row)
    {
        if (await grpc.PlayAsync(row) is { } ours) _ours.Add("grpc", ours);
        foreach (Row push in grpc.TakePushes()) _ours.Add("grpc", push);
    }

    private async Task BeginAsync(Row row, string family)
    {
        if (row.Request is not { } request) return;
        if (family == "grpc") _grpc?.NoteHttp(row);

        // The time that a real server takes for a change; without it, the poll would be held for a shorter time than recorded.
        if (!row.IsPoll && HasHangingPolls) _target.Clock.Advance(ChangeTime);

        var exchange = new Exchange(row, _target.Clock.GetUtcNow());
        _last[(row.Scenario, row.Step)] = exchange;
        if (row.IsPoll) _polls.Add(exchange);
        exchange.Run(_target, RecordedRequest.Bytes(request, _target.Address.ToString(), _translation.ToOurs));
        if (!row.IsPoll) await exchange.Task;
        await SettleAsync();
    }

    /// <summary>Waits until the server holds all polls without a response.</summary>
    private async Task SettleAsync()
    {
        while (_polls.RemoveAll(poll => poll.IsOver) >= 0 && _polls.Count > 0)
        {
            // The server never holds more polls than those without a response, so equal numbers mean that it holds all of them.
            (int hanging, Task change) = _target.WatchPolls();
            if (hanging == _polls.Count(poll => !poll.IsOver)) return;

            await Task.WhenAny([.. _polls.Select(poll => poll.Task), change]);
        }
    }

    private async Task EndAsync(string family, Row real)
    {
        Row ours;
        if (real.Request is null)
        {
            ours = Note(real);
        }
        else
        {
            Exchange exchange = _last[(real.Scenario, real.Step)];
            DateTimeOffset latest = exchange.Begin + LongestHold;
            while (!exchange.IsOver)
            {
                if (_target.Clock.GetUtcNow() > latest) throw new TimeoutException($"{real.Scenario}/{real.Step} has no answer.");

                _target.Clock.Advance(Step);
                await SettleAsync();
            }

            await exchange.Task;

            // A poll that is held for longer than recorded delays all following requests.
            TimeSpan late = _target.Clock.GetUtcNow() - DateTimeOffset.UnixEpoch.AddSeconds(real.At);
            if (late > _behind) _behind = late;
            ours = new Row(real.Members.Clone());
            ours.Members["response"] = exchange.Response;
            ours.Members["elapsed_ms"] = (exchange.End - exchange.Begin).TotalMilliseconds;
            ours.Members["at"] = UnixSeconds(exchange.End);
            _translation.Learn(real, ours);
        }

        _ours.Add(family, ours);
    }

    /// <summary>Returns the notes of the recorder after exports and polls for the responses of the server under test.</summary>
    private Row Note(Row real)
    {
        var note = new Row(real.Members.Clone());
        if (real.Members.Has("listing") && Find(real, "-listing", "") is { } export)
        {
            note.Members["listing"] = Comparing.ZipContents.Listing(export.Body);
        }
        else if (real.Members.Has("keys") && Find(real, "-result", "-poll") is { } poll)
        {
            note.Members["keys"] = poll.ChangedKeys();

            // The recorder publishes its change a second after the poll, and waits for both.
            note.Members["seconds"] = Math.Max(0, (_target.Clock.GetUtcNow() - poll.Begin).TotalSeconds - 1);
        }
        else if (real.Members.Has("count"))
        {
            note.Members["count"] = new BigInteger(_last.Count(e => e.Key.Scenario == real.Scenario && e.Value.Real.IsPoll && e.Value.ChangedKeys().Count > 0));
        }

        return note;
    }

    private Exchange? Find(Row note, string end, string other) =>
        note.Step.EndsWith(end, StringComparison.Ordinal) ? _last.GetValueOrDefault((note.Scenario, note.Step[..^end.Length] + other)) : null;

    private static double UnixSeconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;
}
