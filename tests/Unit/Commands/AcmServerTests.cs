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
    public async Task With_users_the_Nacos_calls_ask_for_a_login_and_the_passwords_are_in_no_command_line()
    {
        using ModuleShell shell = ModuleShell.Open();

        ModuleResult result = shell.Run("""
            $secret = [System.Security.SecureString]::new(); 'pa=ss w0rd'.ToCharArray() | ForEach-Object { $secret.AppendChar($_) }
            $server = Start-AcmServer -InMemory -ServerType Nacos -Credential ([pscredential]::new('ops', $secret)); $server.ServerType; $server.Uri
            """);
        string commandLine = OperatingSystem.IsLinux() ? await File.ReadAllTextAsync($"/proc/{ProcessId(shell)}/cmdline", TestContext.Current.CancellationToken) : "";
        using var http = new HttpClient { BaseAddress = (Uri)result.Output[1].BaseObject };
        using HttpResponseMessage login = await http.PostAsync(new Uri("/nacos/v1/auth/login?username=ops&password=pa%3Dss%20w0rd", UriKind.Relative), null, TestContext.Current.CancellationToken);
        using HttpResponseMessage anonymous = await http.GetAsync(new Uri("/nacos/v1/cs/configs?dataId=a&group=G", UriKind.Relative), TestContext.Current.CancellationToken);
        shell.Run("Stop-AcmServer").ThrowOnError();

        Assert.Empty(result.Errors);
        Assert.Equal("Nacos", result.Texts[0]);
        Assert.Equal((200, 403), ((int)login.StatusCode, (int)anonymous.StatusCode));
        Assert.DoesNotContain("w0rd", commandLine, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_of_the_type_Nacos_is_piped_to_as_Nacos()
    {
        using ModuleShell shell = ModuleShell.Open();

        ModuleResult result = shell.Run("""
            $session = Start-AcmServer -InMemory -ServerType Nacos | Connect-Acm; Set-AcmConfig a 'x'; Get-AcmConfig a -Raw; "$($session.ServerType) $($session.Direct)"
            $session = Start-AcmServer -InMemory | Connect-Acm; "$($session.ServerType) $($session.Direct)"
            Stop-AcmServer
            """);

        Assert.Empty(result.Errors);
        Assert.Equal(["x", "Nacos True", "Acm False"], result.Texts);
    }

    [Fact]
    public void Connect_Acm_finds_the_gRPC_port_by_every_name_of_the_loopback_interface()
    {
        using var ports = PortPair.Take();
        using ModuleShell shell = ModuleShell.Open();
        shell["port"] = ports.Port;

        ModuleResult result = shell.Run("""
            $server = Start-AcmServer -InMemory -Port $port -GrpcPort 0
            foreach ($address in "127.0.0.1:$port", "localhost:$port", "http://LOCALHOST:$port/nacos", "[::ffff:127.0.0.1]:$port") {
                $null = Connect-Acm -Server $address -NoSnapshot
                $null = Register-AcmWatcher a -NoInitial -WatchTransport Grpc
                do { $watcher = Get-AcmWatcher } until ($watcher.Server -or $watcher.State -eq 'BackingOff')
                "$($watcher.LastError)$($watcher.Server -replace $server.GrpcPort, 'the gRPC port')"
                Disconnect-Acm
            }

            Stop-AcmServer
            """);

        Assert.Equal(["127.0.0.1:the gRPC port", "localhost:the gRPC port", "LOCALHOST:the gRPC port", "[::ffff:127.0.0.1]:the gRPC port"], result.ThrowOnError().Texts);
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
    [InlineData("Start-AcmServer -InMemory -NacosGeneration none -ServerType Nacos")]
    [InlineData("$s = [System.Security.SecureString]::new(); $s.AppendChar('x'); Start-AcmServer -InMemory -Credential ([pscredential]::new('a=b', $s))")]
    [InlineData("Start-AcmServer -InMemory -Credential ([pscredential]::new('a', [System.Security.SecureString]::new()))")]
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
