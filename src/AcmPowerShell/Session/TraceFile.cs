using System.Globalization;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Writes the lines of every call to a file.</summary>
internal sealed class TraceFile : IAcmLog, IDisposable
{
    private readonly object _gate = new();
    private readonly StreamWriter _writer;
    private string? _fault;
    private bool _ended;

    internal TraceFile(string path)
    {
        Path = path;
        // Another shell, or an editor, may have it open.
        _writer = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
    }

    internal string Path { get; }

    /// <inheritdoc/>
    public bool IsEnabled(AcmLogLevel level) => !_ended;

    /// <inheritdoc/>
    public void Write(AcmLogLevel level, string message)
    {
        string time = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        lock (_gate)
        {
            if (_ended) return;

            try
            {
                _writer.WriteLine($"{time} {level,-7} {message}");
            }
            catch (IOException e)
            {
                _ended = true;
                _fault = $"The trace file '{Path}' could not be written, and is not any more: {e.Message}";
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (!_ended) _writer.Dispose();
            _ended = true;
        }
    }

    internal string? TakeFault() => Interlocked.Exchange(ref _fault, null);
}
