using System.Runtime.InteropServices;

namespace Acm.Server.Hosting;

/// <summary>
/// Stops the server on signals: always on SIGTERM; on Ctrl+C and a closed terminal only without a parent and if not detached. Ctrl+C reaches every process
/// of a terminal, including a server started by a shell whose user only wants to stop a command.
/// </summary>
internal sealed class SignalLifetime : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly IHostApplicationLifetime _application;

    public SignalLifetime(IHostApplicationLifetime application, bool ownedByParent, bool detached)
    {
        _application = application;
        On(PosixSignal.SIGTERM, stops: true);
        On(PosixSignal.SIGINT, stops: !ownedByParent && !detached);
        On(PosixSignal.SIGQUIT, stops: !ownedByParent && !detached);
        On(PosixSignal.SIGHUP, stops: !detached);
    }

    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _signals.ForEach(signal => signal.Dispose());

    private void On(PosixSignal signal, bool stops) => _signals.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        if (stops) _application.StopApplication();
    }));
}
