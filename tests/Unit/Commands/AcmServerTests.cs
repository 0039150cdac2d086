using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using Acm.Tests.Support;

namespace Acm.Tests.Commands;

public sealed class AcmServerTests
{
    [Fact]
    public void A_started_server_pipes_into_Connect_Acm_and_keeps_its_data_in_the_file()
    {
        using var files = new TemporaryFiles();
        using ModuleShell shell = ModuleShell.Open();
        shell["file"] = Path.Combine(files.Path, "sub folder", "acm.db");

        ModuleResult result = shell.Run("""
            $one = Start-AcmServer -DataPath $file; $null = $one | Connect-Acm -NoSnapshot; Set-AcmConfig a 'kept'; Stop-AcmServer $one
            $two = Start-AcmServer -DataPath $file; $null = $two | Connect-Acm -NoSnapshot; Get-AcmConfig a -Raw; $one.HasExited; $two.HasExited; "$two" -eq $two.Uri.GetLeftPart('Authority'); $two.DataPath -eq $file
            Stop-AcmServer; $two.HasExited
            """);

        Assert.Empty(result.Errors);
        Assert.Equal(["kept", "True", "False", "True", "True", "True"], result.Texts);
    }

    [Fact]
    public void With_keys_requests_have_to_be_signed_and_the_secret_is_in_no_command_line_or_environment()
    {
        using ModuleShell shell = ModuleShell.Open();

        ModuleResult result = shell.Run("""
            $secret = [System.Security.SecureString]::new(); 's3cr3t-key'.ToCharArray() | ForEach-Object { $secret.AppendChar($_) }
            $server = Start-AcmServer -InMemory -AccessKey LTAI1234567890xy -SecretKey $secret
            $null = $server | Connect-Acm -NoSnapshot; Set-AcmConfig a 'x'; Get-AcmConfig a -Raw
            $null = Connect-Acm $server.Endpoint -NoSnapshot; Get-AcmConfig a -Raw
            """);
        string commandLine = OperatingSystem.IsLinux() ? File.ReadAllText($"/proc/{ProcessId(shell)}/cmdline") : "";
        string environment = OperatingSystem.IsLinux() ? File.ReadAllText($"/proc/{ProcessId(shell)}/environ") : "";
        shell.Run("Stop-AcmServer").ThrowOnError();

        Assert.Equal(["x"], result.Texts);
        Assert.Equal("AcmAccessDenied", result.ErrorId);
        Assert.Equal(ErrorCategory.PermissionDenied, result.Error.CategoryInfo.Category);
        Assert.DoesNotContain("s3cr3t-key", commandLine, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t-key", environment, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_with_its_data_in_memory_is_connected_to_without_snapshots_and_stopping_all_leaves_detached_ones()
    {
        using ModuleShell shell = ModuleShell.Open();

        ModuleResult result = shell.Run("""
            $tied = Start-AcmServer -InMemory; $detached = Start-AcmServer -InMemory -Detach
            $session = $tied | Connect-Acm; Set-AcmConfig a 'x'; Get-AcmConfig a -Raw; $null -eq $session.SnapshotPath
            Stop-AcmServer; $tied.HasExited; $detached.HasExited
            Stop-AcmServer $detached; $detached.HasExited
            """);

        Assert.Empty(result.Errors);
        Assert.Equal(["x", "True", "True", "False", "True"], result.Texts);
    }

    [Fact]
    public void WhatIf_starts_and_stops_nothing()
    {
        using ModuleShell shell = ModuleShell.Open();

        ModuleResult result = shell.Run("Start-AcmServer -InMemory -WhatIf; $server = Start-AcmServer -InMemory; Stop-AcmServer -WhatIf; $server.HasExited; Stop-AcmServer; $server.HasExited");

        Assert.Equal(["False", "True"], result.Texts);
    }

    [Theory]
    [InlineData("Start-AcmServer -InMemory -AccessKey a")]
    [InlineData("Start-AcmServer -DataPath env:x")]
    public void An_invalid_parameter_ends_the_command(string script)
    {
        using ModuleShell shell = ModuleShell.Open();

        ModuleResult result = shell.Run(script);

        Assert.Equal("AcmInvalidParameter", result.ErrorId);
    }

    [Fact]
    public void A_port_in_use_is_a_failed_start_that_says_why()
    {
        using var silent = new SilentServer();
        using ModuleShell shell = ModuleShell.Open();
        shell["port"] = int.Parse(silent.Endpoint.Split(':')[1], CultureInfo.InvariantCulture);

        ModuleResult result = shell.Run("Start-AcmServer -InMemory -Port $port");

        Assert.Equal("AcmServerStartFailed", result.ErrorId);
        Assert.Equal(ErrorCategory.OpenError, result.Error.CategoryInfo.Category);
        Assert.Contains("in use", result.Error.Exception.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_closing_runspace_lets_its_server_end()
    {
        Process server;
        using (ModuleShell shell = ModuleShell.Open())
        {
            shell.Run("$server = Start-AcmServer -InMemory").ThrowOnError();
            server = Process.GetProcessById(ProcessId(shell));
        }

        using (server) await server.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(ModuleShell.Deadline, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_detached_server_outlives_its_runspace()
    {
        Process server;
        PSObject started;
        using (ModuleShell shell = ModuleShell.Open())
        {
            started = shell.Run("($server = Start-AcmServer -InMemory -Detach)").ThrowOnError().Output[0];
            server = Process.GetProcessById(ProcessId(shell));
        }

        using ModuleShell other = ModuleShell.Open();
        other["endpoint"] = started.Properties["Endpoint"].Value;
        other["server"] = started;
        ModuleResult result = other.Run("$null = Connect-Acm $endpoint -NoSnapshot; Set-AcmConfig a 'x' -PassThru | ForEach-Object Content; Stop-AcmServer $server");

        Assert.Empty(result.Errors);
        Assert.Equal(["x"], result.Texts);
        using (server) await server.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(ModuleShell.Deadline, TestContext.Current.CancellationToken);
    }

    private static int ProcessId(ModuleShell shell) => (int)shell.Run("$server.ProcessId").Output[0].BaseObject;
}
