using System.Diagnostics;
using System.Globalization;
using Acm.Tests.Support;

namespace Acm.Tests.Commands;

/// <summary>Tests that need separate processes: files that a shell leaves, and a new shell reads.</summary>
public sealed class NewProcessTests : IDisposable
{
    private readonly TemporaryFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task A_new_process_with_the_server_dead_reads_the_failover_file_and_then_the_snapshot()
    {
        ShellResult before = await RunAsync($$"""
            $server = Start-AcmServer -InMemory
            $server | Connect-Acm -SnapshotPath '{{_files.Path}}/snapshot' -FailoverPath '{{_files.Path}}/failover' | ForEach-Object Endpoint
            Set-AcmConfig app.yaml 'from the server'; $null = Get-AcmConfig app.yaml
            Stop-AcmServer
            """);
        string endpoint = before.Output;
        _files.Write("failover/app.yaml+DEFAULT_GROUP+", "from the failover file");

        ShellResult after = await RunAsync($$"""
            $null = Connect-Acm '{{endpoint}}' -SnapshotPath '{{_files.Path}}/snapshot' -FailoverPath '{{_files.Path}}/failover'
            Get-AcmConfig app.yaml | ForEach-Object { "$($_.Source): $($_.Content)" }
            Remove-Item '{{_files.Path}}/failover/app.yaml+DEFAULT_GROUP+'
            Get-AcmConfig app.yaml -WarningAction Ignore | ForEach-Object { "$($_.Source): $($_.Content)" }
            """);

        Assert.Equal("", before.Errors);
        Assert.Equal("", after.Errors);
        Assert.Equal("Failover: from the failover file\nSnapshot: from the server", after.Output);
    }

    // The YAML library uses memory and may conflict with another module's, so it is only loaded for YAML files.
    [Fact]
    public async Task The_reader_of_YAML_is_loaded_with_the_first_file_of_Spring()
    {
        string yaml = _files.Write("application.yml", "spring.cloud.nacos.config: { server-addr: 'a', namespace: n }");
        ShellResult result = await RunAsync($$"""
            $env:ACM_PROFILE_PATH = '{{_files.Path}}/profiles.json'
            function Count-Yaml { @([AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq 'YamlDotNet' }).Count }
            $null = Connect-Acm -Server 127.0.0.1:1; $null = Get-AcmProfile; Add-AcmProfile p -Server b -SkipTest
            Count-Yaml
            Import-AcmProfile '{{yaml}}' | ForEach-Object Name
            Count-Yaml
            """);

        Assert.Equal("", result.Errors);
        Assert.Equal("0\nn\n1", result.Output);
    }

    [Fact]
    public async Task A_server_ends_with_the_shell_that_was_killed()
    {
        string ids = Path.Combine(_files.Path, "ids");
        using PowerShellProcess shell = PowerShellProcess.Start(
            ["-Command", $"$server = Start-AcmServer -InMemory; Set-Content '{ids}' \"$PID $($server.ProcessId)\"; 'ready'; $null = [Console]::In.ReadLine()"]);
        await shell.WaitForLineAsync("ready");
        int[] processes = [.. (await File.ReadAllTextAsync(ids, TestContext.Current.CancellationToken)).Split(' ').Select(id => int.Parse(id, CultureInfo.InvariantCulture))];
        using Process parent = Process.GetProcessById(processes[0]);
        using Process server = Process.GetProcessById(processes[1]);

        parent.Kill();

        await server.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(ModuleShell.Deadline, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_shell_that_ends_does_not_wait_for_its_server_and_the_server_ends_too()
    {
        ShellResult result = await RunAsync("$server = Start-AcmServer -InMemory; $server.ProcessId");

        Assert.Equal(0, result.ExitCode);
        int id = int.Parse(result.Output, CultureInfo.InvariantCulture);
        Process? server = Process.GetProcesses().FirstOrDefault(p => p.Id == id);
        if (server is not null)
            await server.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(ModuleShell.Deadline, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Without_a_runtime_the_start_fails_with_the_download_and_the_tool()
    {
        string empty = Directory.CreateDirectory(Path.Combine(_files.Path, "empty")).FullName;

        ShellResult result = await StartServerAsync(empty);

        Assert.Contains("AcmServerStartFailed,OpenError", result.Output, StringComparison.Ordinal);
        Assert.Contains("https://dotnet.microsoft.com/download/dotnet/10.0", result.Output, StringComparison.Ordinal);
        Assert.Contains("dotnet run --project src/Acm.Server", result.Output, StringComparison.Ordinal);
        Assert.Contains(empty, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dotnet_without_the_web_runtime_fails_the_same_way()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-in for dotnet is a shell script.");
        string folder = Path.GetDirectoryName(_files.Write("old/dotnet", "#!/bin/sh\necho \"You must install or update .NET to run this application.\" >&2\necho \"Framework: 'Microsoft.AspNetCore.App', version '10.0.0'\" >&2\nexit 150\n"))!;
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path.Combine(folder, "dotnet"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        ShellResult result = await StartServerAsync(folder);

        Assert.Contains("AcmServerStartFailed,OpenError", result.Output, StringComparison.Ordinal);
        Assert.Contains("https://dotnet.microsoft.com/download/dotnet/10.0", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:no", "acm-server: data in memory")]
    [InlineData(null, "acm-server: gRPC on http://127.0.0.1:no")]
    public async Task A_server_that_reports_an_invalid_address_fails_to_start(string? address, string line)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-in for dotnet is a shell script.");
        using var healthy = new ModuleServer();
        string folder = Path.GetDirectoryName(_files.Write("fake/dotnet", $"#!/bin/sh\necho '{line}' >&2\necho '{address ?? "http://" + healthy.Endpoint}'\nexec cat\n"))!;
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path.Combine(folder, "dotnet"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        ShellResult result = await StartServerAsync(folder);

        Assert.Contains("AcmServerStartFailed,OpenError", result.Output, StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.1:no' does not contain a valid address.", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_view_fits_eighty_columns_and_shows_no_secret()
    {
        ShellResult result = await SharedShell.RunAsync("""
            $secret = ConvertTo-SecureString 's3cr3t-key' -AsPlainText -Force
            $server = Start-AcmServer -InMemory -AccessKey LTAI1234567890xy -SecretKey $secret
            $session = $server | Connect-Acm -NoSnapshot -FailoverPath ./no-such-folder
            Set-AcmConfig application-of-the-shop.yaml 'a: 1' -Group SHOP_GROUP
            $config = Get-AcmConfig application-of-the-shop.yaml SHOP_GROUP
            $item = Find-AcmConfig
            $checks = Test-AcmConnection
            $config, $item, $session, $checks, $server | ForEach-Object { $_ | Out-String -Width 80; $_ | Format-List | Out-String -Width 80 }
            """);

        Assert.Equal("", result.Errors);
        Assert.DoesNotContain("s3cr3t", result.Output, StringComparison.Ordinal);
        Assert.All(result.Output.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 80, line));
        string row = result.Output.Split('\n').First(line => line.Contains("SHOP_GROUP", StringComparison.Ordinal));
        Assert.Contains("application-of", row, StringComparison.Ordinal);
        Assert.Contains("Server", row, StringComparison.Ordinal);
        Assert.Contains(" 4 ", row, StringComparison.Ordinal);
    }

    private static Task<ShellResult> RunAsync(string script) => PowerShellProcess.RunAsync(["-Command", script]);

    private static Task<ShellResult> StartServerAsync(string dotnetRoot) => SharedShell.RunAsync(
        "try { Start-AcmServer -InMemory -ErrorAction Stop } catch { \"$($_.FullyQualifiedErrorId.Split(',')[0]),$($_.CategoryInfo.Category)\"; \"$_\" }",
        new Dictionary<string, string?> { ["DOTNET_ROOT"] = dotnetRoot });
}
