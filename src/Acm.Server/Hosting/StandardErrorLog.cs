namespace Acm.Server.Hosting;

/// <summary>Logs one line per event to standard error; standard output only has the address.</summary>
internal sealed class StandardErrorLog : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        string level = logLevel >= LogLevel.Error ? "error: " : logLevel == LogLevel.Warning ? "warning: " : "";
        Console.Error.WriteLine($"acm-server: {level}{formatter(state, exception)}{(exception is null ? "" : " " + exception)}");
    }

    public void Dispose()
    {
    }
}
