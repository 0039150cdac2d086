using System.Threading.Channels;
using Acm.Client;

namespace Acm.Tests.Support;

/// <summary>Records the lines of a log, and lets a test wait for a line.</summary>
internal sealed class RecordingLog(AcmLogLevel least) : IAcmLog
{
    private readonly Channel<string> _coming = Channel.CreateUnbounded<string>();
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines) return [.. _lines];
        }
    }

    public bool IsEnabled(AcmLogLevel level) => level >= least;

    public void Write(AcmLogLevel level, string message)
    {
        Canary.AssertAbsent(message, "a log");
        lock (_lines) _lines.Add(message);
        _coming.Writer.TryWrite(message);
    }

    /// <summary>Waits for the next line that contains a text.</summary>
    public async Task<string> WaitForAsync(string part, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Clients.Deadline);
        await foreach (string line in _coming.Reader.ReadAllAsync(limit.Token))
        {
            if (line.Contains(part, StringComparison.Ordinal)) return line;
        }

        throw new InvalidOperationException("The log ended.");
    }
}
