using System.Globalization;
using Acm.Client;
using Acm.Client.Text;

namespace AcmPowerShell;

/// <summary>Writes the lines of every call to a file.</summary>
internal sealed class TraceFile : IAcmLog, IDisposable
{
    private readonly object _gate = new();
    private readonly FileStream _stream;
    private readonly StreamWriter _writer;
    private string? _fault;
    private bool _ended;

    internal TraceFile(string path)
    {
        Path = path;
        // Shared, because another shell or an editor may have the file open.
        // Unbuffered, so that a failed write is not repeated when the file is closed.
        _stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 1);
        _writer = new StreamWriter(_stream) { AutoFlush = true };
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
                _writer.WriteLine($"{time} {level,-7} {ForeignText.CleanLines(message)}");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                // The writer would write the failed line again, so only the stream is disposed.
                _ended = true;
                _stream.Dispose();
                _fault = $"The trace file '{Path}' could not be written; tracing was turned off: {e.Message}";
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
