using System.Diagnostics;
using System.Globalization;

namespace Acm.Benchmarks;

/// <summary>
/// A warm <c>Get-AcmConfig</c> in PowerShell itself, beside <c>Invoke-RestMethod</c> and a bare <see cref="HttpClient"/> that get the same bytes in the same process, in turn.
/// </summary>
internal static class ShellGet
{
    private const int ContentSize = 2048;
    private const double RestBound = 0.5;
    private const double BareBound = 2.5;

    private const string Script = """
        param($Endpoint, $Uri, $Name, $Snapshot)
        $null = Connect-Acm $Endpoint -Direct -SnapshotPath $Snapshot
        $http = [Net.Http.HttpClient]::new()

        # Functions that stay: PowerShell compiles the loop of a script each time that it is handed the script.
        function Get-Many { foreach ($i in 1..200) { $null = Get-AcmConfig $Name } }
        function Get-Rest { foreach ($i in 1..200) { $null = Invoke-RestMethod $Uri } }
        function Get-Bare { foreach ($i in 1..200) { $null = $http.GetByteArrayAsync($Uri).GetAwaiter().GetResult() } }
        $watch = [Diagnostics.Stopwatch]::new()
        foreach ($round in 1..40) {
            $functions = 'Get-Many', 'Get-Rest', 'Get-Bare'
            if ($round % 2) { [array]::Reverse($functions) }
            foreach ($function in $functions) {
                $watch.Restart()
                & $function
                # Until the compiler has been through all tiers nothing counts.
                if ($round -gt 15) { "$function $($watch.Elapsed.TotalMilliseconds.ToString([cultureinfo]::InvariantCulture))" }
            }
        }
        """;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using BenchmarkServer server = await BenchmarkServer.StartAsync();
        string name = (await server.FillAsync(1, ContentSize))[0];
        using var folder = new TemporaryFolder();
        string script = Path.Combine(folder.Path, "get.ps1");
        await File.WriteAllTextAsync(script, Script);
        ProcessStartInfo run = Staged.PowerShell(script, server.Uri.Authority, server.UriOf(name).AbsoluteUri, name, Path.Combine(folder.Path, "snapshot"));
        run.RedirectStandardOutput = true;
        using Process shell = Process.Start(run)!;
        string output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        if (shell.ExitCode != 0) throw new InvalidOperationException($"The shell ended with {shell.ExitCode}.");

        double[] cmdlet = Times("Get-Many"), rest = Times("Get-Rest"), bare = Times("Get-Bare");
        string detail = FormattableString.Invariant($"{Each(cmdlet):0} µs, Invoke-RestMethod {Each(rest):0} µs, bare get {Each(bare):0} µs");
        return
        [
            new Figure("In pwsh: Get-AcmConfig / Invoke-RestMethod", Timing.Ratio(cmdlet, rest), RestBound, "times", detail),
            new Figure("In pwsh: Get-AcmConfig / bare get", Timing.Ratio(cmdlet, bare), BareBound, "times", detail),
        ];

        double[] Times(string function) =>
            [.. output.Split('\n').Select(line => line.Split(' ')).Where(parts => parts[0] == function).Select(parts => double.Parse(parts[1], CultureInfo.InvariantCulture))];
    }

    private static double Each(double[] times) => Timing.Median(times) * 1000 / 200;
}
