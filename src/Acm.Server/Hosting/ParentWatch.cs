using System.Diagnostics;

namespace Acm.Server.Hosting;

/// <summary>Ends the server with its parent, however that ends: the system closes the pipe of a killed process too.</summary>
internal static class ParentWatch
{
    private static readonly TimeSpan HardExitAfter = TimeSpan.FromSeconds(5);

    public static void Start(IHostApplicationLifetime application)
    {
        var thread = new Thread(() =>
        {
            ReadToEnd();
            application.StopApplication();

            // A background thread: a server that stops in time never gets here.
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
            // A broken pipe says the same as its end.
        }
    }
}
