using System.Diagnostics;

namespace Acm.Server.Hosting;

/// <summary>Stops the server when its parent process ends. The system closes the pipe even if the parent is killed.</summary>
internal static class ParentWatch
{
    private static readonly TimeSpan HardExitAfter = TimeSpan.FromSeconds(5);

    public static void Start(IHostApplicationLifetime application)
    {
        var thread = new Thread(() =>
        {
            ReadToEnd();
            application.StopApplication();

            // A server that stops in time does not get here, because this is a background thread.
            Thread.Sleep(HardExitAfter);
            Process.GetCurrentProcess().Kill();
        })
        {
            IsBackground = true,
            Name = "Acm parent watch",
        };
        thread.Start();
    }

    private static void ReadToEnd()
    {
        using Stream input = Console.OpenStandardInput();
        Span<byte> ignored = stackalloc byte[256];
        try
        {
            while (input.Read(ignored) > 0)
            {
            }
        }
        catch (IOException)
        {
            // A broken pipe is the end of the input too.
        }
    }
}
