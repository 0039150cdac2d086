using System.Runtime.InteropServices;

namespace Acm.Server.Hosting;

/// <summary>
/// What ends the server: SIGTERM always; Ctrl+C and a closed terminal only where nobody else decides. Ctrl+C reaches every process
/// of a terminal, also the child of a shell whose user only meant to stop a command.
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
