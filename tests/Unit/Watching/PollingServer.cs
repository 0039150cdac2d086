using System.Collections;
using System.Collections.Concurrent;
using System.Text;
using Acm.Client.Text;
using Acm.Tests.Support;

namespace Acm.Tests.Watching;

/// <summary>A scripted server with a few values and correct polls, until the test overrides responses. It has no batch get.</summary>
internal sealed class PollingServer : IAsyncDisposable
{
    private const string Html = "text/html;charset=GBK";
    private readonly ConcurrentDictionary<string, string> _values = new();
    private readonly object _gate = new();
    private TaskCompletionSource _changed = NewSignal();

    public PollingServer(params (string DataId, string Content)[] values)
    {
        foreach ((string dataId, string content) in values) _values[dataId] = content;
        Http = new ScriptedServer(Answer);
    }

    public ScriptedServer Http { get; }

    /// <summary>Gets or sets the override of responses; null for the correct response.</summary>
    public Func<ScriptedRequest, ScriptedReply?> Fault { get; set; } = _ => null;

    public static ScriptedReply Nothing { get; } = ScriptedReply.Text(200, Html, "");

    public IReadOnlyList<ScriptedRequest> Polls => [.. Http.Requests.Where(request => request.IsPoll)];

    public int Gets => Http.Requests.Count(request => request.IsGet);

    public static ScriptedReply Changed(params string[] dataIds) =>
        ScriptedReply.Text(200, Html, string.Concat(dataIds.Select(dataId => $"{dataId}%02DEFAULT_GROUP%02ns-0001%01")) + "\n");

    /// <summary>Sets a value, or removes it with null, and ends the held polls.</summary>
    public void Publish(string dataId, string? content)
    {
        if (content is null) _values.TryRemove(dataId, out _);
        else _values[dataId] = content;
        Wake();
    }

    /// <summary>Ends the held polls, whether or not a value changed.</summary>
    public void Wake()
    {
        TaskCompletionSource woken;
        lock (_gate) (woken, _changed) = (_changed, NewSignal());
        woken.SetResult();
    }

    public ValueTask DisposeAsync() => Http.DisposeAsync();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ScriptedReply Answer(ScriptedRequest request)
    {
        Task changed;
        lock (_gate) changed = _changed.Task;
        if (Fault(request) is { } fault) return fault;
        if (request.IsPoll)
        {
            string[] differing = Differing(request);
            if (differing.Length > 0) return Changed(differing);
            if (!request.Hangs) return Nothing;
            return new ScriptedReply(new LateParts(() => Differing(request) is { Length: > 0 } now ? Changed(now) : Nothing), ReplyEnd.KeepAlive) { Gate = changed };
        }

        if (request.IsGet) return _values.TryGetValue(request.Field("dataId"), out string? content) ? ScriptedReply.Content(content) : ScriptedReply.Missing;
        return ScriptedReply.Status(404);
    }

    private string[] Differing(ScriptedRequest poll) => [.. poll.Probe.Where(item => item.Md5 != Md5Of(item.DataId)).Select(item => item.DataId)];

    private string Md5Of(string dataId) => _values.TryGetValue(dataId, out string? content) ? Md5Hex.Of(Encoding.ASCII.GetBytes(content)) : "";

    /// <summary>Returns a response that is created when it is sent instead of when it is requested.</summary>
    private sealed class LateParts(Func<ScriptedReply> make) : IReadOnlyList<ReadOnlyMemory<byte>>
    {
        private readonly Lazy<ScriptedReply> _reply = new(make);

        public int Count => _reply.Value.Parts.Count;

        public ReadOnlyMemory<byte> this[int index] => _reply.Value.Parts[index];

        public IEnumerator<ReadOnlyMemory<byte>> GetEnumerator() => _reply.Value.Parts.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
