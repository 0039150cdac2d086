using System.Runtime.InteropServices;

namespace AcmShell.Running;

/// <summary>
/// Ctrl+C and SIGTERM. The first asks what runs to stop; the second ends the process, because a command that blocks in a .NET
/// call can't be stopped.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly Func<bool> _stop;
    private readonly bool _survives;
    private readonly PosixSignalRegistration[] _registrations;
    private int _count;

    /// <param name="stop">Stops what runs; false where nothing did.</param>
    /// <param name="survives">Whether the shell goes on to the next command after Ctrl+C, as one at a prompt does.</param>
    public Interruption(Func<bool> stop, bool survives)
    {
        _stop = stop;
        _survives = survives;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
        ];
    }

    /// <summary>The shell should end instead of starting anything more.</summary>
    public bool Requested { get; private set; }

    /// <summary>A new command starts: the next Ctrl+C is a first one again.</summary>
    public void Reset() => Volatile.Write(ref _count, 0);

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        bool ends = !_survives || context.Signal == PosixSignal.SIGTERM;
        Requested |= ends;
        bool first = Interlocked.Increment(ref _count) == 1;
        bool stopping = first && _stop();

        // A prompt that waits for a key, or a start-up that is not yet at the script: there is no pipeline to stop.
        if (ends && !stopping) Environment.Exit(ExitCodes.Interrupted);
        if (!first && !stopping) Environment.Exit(ExitCodes.Interrupted);
    }
}
