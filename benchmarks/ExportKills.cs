using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using Acm.Client;
using Acm.Client.Transfer;

namespace Acm.Benchmarks;

/// <summary>
/// Runs exports in shells that are killed at random moments, 20 to a folder and 20 to a zip. After each kill, every file, or the zip, must be the old or the new one, and
/// the next export must have the result of an undisturbed one.
/// </summary>
internal static class ExportKills
{
    private const int Kills = 20;
    private const int Count = 600;
    private const int ContentSize = 2048;
    private const int LatencyMilliseconds = 5;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using BenchmarkServer server = await BenchmarkServer.StartAsync(LatencyMilliseconds);
        string[] names = await server.FillAsync(Count, ContentSize);
        using var client = new AcmClient(new AcmClientOptions { Endpoint = server.Uri.Authority, Direct = true });
        using var folder = new TemporaryFolder();
        string target = Path.Combine(folder.Path, "out");

        // The second export overwrites the same names with other content.
        Dictionary<string, string> values = [];
        await new ConfigExporter(client).ToFolderAsync(target);
        foreach (string name in names) values[name] = await File.ReadAllTextAsync(Path.Combine(target, name));

        return [await MeasureAsync("a folder", target, Restore, WrongInFolder), await MeasureAsync("a zip", target + ".zip", RestoreZip, WrongInZip)];

        async Task<Figure> MeasureAsync(string what, string path, Action restore, Func<bool, int> wrong)
        {
            TimeSpan duration = await RunToItsEndAsync(path, restore);
            var random = new Random(4);
            int broken = 0;
            int unfinished = 0;
            var moments = new List<double>();
            for (int kill = 0; kill < Kills; kill++)
            {
                restore();
                TimeSpan moment = duration * random.NextDouble();
                moments.Add(moment.TotalMilliseconds);
                using (Process shell = await StartAsync(path))
                {
                    await Task.Delay(moment);
                    shell.Kill();
                    await shell.WaitForExitAsync();
                }

                broken += wrong(false);
                if (wrong(true) > 0) unfinished++;
                await (path == target ? new ConfigExporter(client).ToFolderAsync(path) : new ConfigExporter(client).ToZipAsync(path));
                broken += wrong(true) + Directory.GetFileSystemEntries(folder.Path, ".*", SearchOption.AllDirectories).Length;
            }

            return new Figure($"{Kills} exports to {what} killed, broken files", broken, 1, "files", FormattableString.Invariant($"{unfinished} killed before their end, at {moments.Min():0} to {moments.Max():0} ms of {duration.TotalMilliseconds:0}"));
        }

        async Task<TimeSpan> RunToItsEndAsync(string path, Action restore)
        {
            restore();
            using Process shell = await StartAsync(path);
            long start = Stopwatch.GetTimestamp();
            await shell.WaitForExitAsync();
            return Stopwatch.GetElapsedTime(start);
        }

        async Task<Process> StartAsync(string path)
        {
            string script = $"Import-Module '{Staged.Manifest}'; $null = Connect-Acm '{server.Uri.Authority}' -Direct -NoSnapshot; 'ready'; $null = Export-AcmConfig '{path}'";
            ProcessStartInfo start = Staged.PowerShell("-Command", script);
            start.RedirectStandardOutput = true;
            Process shell = Process.Start(start)!;
            if (await shell.StandardOutput.ReadLineAsync() != "ready") throw new InvalidOperationException("The shell did not start.");
            return shell;
        }

        void Restore()
        {
            foreach (string name in names) File.WriteAllText(Path.Combine(target, name), Old(name));
        }

        void RestoreZip()
        {
            File.Delete(target + ".zip");
            using ZipArchive zip = ZipFile.Open(target + ".zip", ZipArchiveMode.Create);
            foreach (string name in names)
            {
                using var writer = new StreamWriter(zip.CreateEntry(name).Open());
                writer.Write(Old(name));
            }
        }

        int WrongInFolder(bool isFinished) => names.Count(name => IsWrong(name, File.ReadAllText(Path.Combine(target, name)), isFinished));

        int WrongInZip(bool isFinished)
        {
            using ZipArchive zip = ZipFile.OpenRead(target + ".zip");
            var texts = zip.Entries.ToDictionary(entry => entry.FullName, Text);
            bool isNew = texts.TryGetValue(names[0], out string? first) && first == values[names[0]];
            return names.Count(name => !texts.TryGetValue(name, out string? text) || text != (isNew || isFinished ? values[name] : Old(name)));
        }

        bool IsWrong(string name, string text, bool isFinished) => text != values[name] && (isFinished || text != Old(name));
    }

    private static string Old(string name) => string.Create(CultureInfo.InvariantCulture, $"old value of {name}\n");

    private static string Text(ZipArchiveEntry entry)
    {
        using var reader = new StreamReader(entry.Open());
        return reader.ReadToEnd();
    }
}
