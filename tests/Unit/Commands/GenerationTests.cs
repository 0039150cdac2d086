using Acm.Tests.Support;

namespace Acm.Tests.Commands;

/// <summary>Each cmdlet that calls a server, on ACM and on each generation of Nacos, in one table of scripts and their output.</summary>
public sealed class GenerationTests(GenerationTests.Servers servers) : IClassFixture<GenerationTests.Servers>
{
    private static readonly string[] Generations = ["ACM", "1", "2", "3", "3.2"];

    /// <summary>Gets the cmdlets with the expected output, the output on ACM if it differs, and the script, one statement per line, which runs in its own namespace.</summary>
    private static readonly (string Command, string Output, string? OnAcm, string Script)[] Cases =
    [
        ("Set-AcmConfig", "AcmConflict AcmConfigExists a: 2", null, """
            Set-AcmConfig app.yaml 'a: 1'
            $old = (Get-AcmConfig app.yaml).Md5
            Set-AcmConfig app.yaml 'a: 2' -IfMatch $old
            Set-AcmConfig app.yaml 'a: 3' -IfMatch $old
            Set-AcmConfig app.yaml 'a: 4' -NoClobber
            Get-AcmConfig app.yaml -Raw
            """),
        ("Get-AcmConfig", "True G AcmConfigNotFound AcmConfigNotFound", null, """
            Set-AcmConfig app.yaml "a: `u{4E2D}`r`n" -Group G
            (Get-AcmConfig app.yaml G).Content -ceq "a: `u{4E2D}`r`n"
            (Get-AcmConfig *.yaml).Group
            Get-AcmConfig app.yaml
            Get-AcmConfig App.yaml G
            """),
        ("Find-AcmConfig", "DEFAULT_GROUP/app_1 appx1", null, """
            Set-AcmConfig app_1 x
            Set-AcmConfig appx1 x -Group G
            Set-AcmConfig App_1 x
            Find-AcmConfig app_* | ForEach-Object ToString
            (Find-AcmConfig -Group G).DataId
            """),
        ("Search-AcmConfig", "DEFAULT_GROUP/app.yaml:1:port: 1 G/b.yaml:1:port: 2 0", null, """
            Set-AcmConfig app.yaml "port: 1`nhost: a"
            Set-AcmConfig b.yaml 'port: 2' -Group G
            Search-AcmConfig port | ForEach-Object ToString | Sort-Object
            @(Search-AcmConfig nowhere).Count
            """),
        ("Remove-AcmConfig", "b AcmConfigNotFound b", null, """
            Set-AcmConfig a 1
            Set-AcmConfig b 1
            Remove-AcmConfig a
            (Find-AcmConfig).DataId
            Get-AcmConfig a
            Remove-AcmConfig none
            (Find-AcmConfig).DataId
            """),
        ("Compare-AcmConfig", "Added Changed Removed False", null, """
            Set-AcmConfig a 1
            Set-AcmConfig b 1
            Set-AcmConfig b 2 -Namespace $other
            Set-AcmConfig c 1 -Namespace $other
            Compare-AcmConfig -ToNamespace $other | ForEach-Object { "$($_.State)" }
            Compare-AcmConfig -ToNamespace $other -Quiet
            """),
        ("Copy-AcmConfig", "1 1 2 1", null, """
            Set-AcmConfig a 1
            Set-AcmConfig b 1 -Group G
            Set-AcmConfig a old -Namespace $other
            Copy-AcmConfig -ToNamespace $other | ForEach-Object { $_.Added, $_.Changed }
            (Copy-AcmConfig -ToNamespace $other).Unchanged
            Get-AcmConfig a -Raw -Namespace $other
            """),
        ("Export-AcmConfig", "2 2 2", null, """
            Set-AcmConfig a 1
            Set-AcmConfig b 2 -Group G
            (Export-AcmConfig $folder).Exported
            (Export-AcmConfig $folder).Unchanged
            [IO.File]::ReadAllText("$folder/G/b")
            """),
        ("Import-AcmConfig", "1 1 1 2", null, """
            Set-AcmConfig a 1
            Set-AcmConfig b 2 -Group G
            $null = Export-AcmConfig $folder
            Remove-AcmConfig a
            Set-AcmConfig b 3 -Group G
            Import-AcmConfig $folder | ForEach-Object { $_.Added, $_.Changed }
            Get-AcmConfig a -Raw
            Get-AcmConfig b G -Raw
            """),
        ("Export-AcmEnvironment", "SHOP_NAME=Tea", null, """
            Set-AcmConfig app.properties 'shop.name=Tea'
            Export-AcmEnvironment app.properties -Path "$folder.env"
            [IO.File]::ReadAllText("$folder.env").Trim()
            """),
        ("Get-AcmConfigHistory", "Removed= Changed=2 Added=1", null, """
            Set-AcmConfig a 1
            Set-AcmConfig a 2
            Remove-AcmConfig a
            Get-AcmConfigHistory a -Content | ForEach-Object { "$($_.Operation)=$($_.Content)" }
            """),
        ("Restore-AcmConfig", "1 1 AcmConfigNotFound", null, """
            Set-AcmConfig a 1
            Set-AcmConfig a 2
            Restore-AcmConfig a -Previous
            Get-AcmConfig a -Raw
            Remove-AcmConfig a
            Restore-AcmConfig a -Deleted
            Get-AcmConfig a -Raw
            Restore-AcmConfig none -Deleted
            """),
        ("Watch-AcmConfig", "Initial=1 Changed=2 Removed=", null, """
            Set-AcmConfig a 1
            $next = @{ Initial = { Set-AcmConfig a 2 }; Changed = { Remove-AcmConfig a } }
            Watch-AcmConfig a -PollIntervalSec 0.1 | ForEach-Object { "$($_.Kind)=$($_.Content)"; & $next["$($_.Kind)"] } | Select-Object -First 3
            """),
        ("Register-AcmWatcher", "Initial=1 Changed=2", null, """
            Set-AcmConfig a 1
            Register-AcmWatcher a -PollIntervalSec 0.1 -SourceIdentifier $other
            Wait-Event $other -Timeout 60 | ForEach-Object { "$($_.SourceEventArgs.Kind)=$($_.SourceEventArgs.Content)" }
            Remove-Event $other
            Set-AcmConfig a 2
            Wait-Event $other -Timeout 60 | ForEach-Object { "$($_.SourceEventArgs.Kind)=$($_.SourceEventArgs.Content)" }
            Remove-Event $other
            Unregister-AcmWatcher -SourceIdentifier $other
            """),
        ("Get-AcmListener", "0", null, """
            Set-AcmConfig a 1
            @(Get-AcmListener a).Count
            """),
        ("Get-AcmNamespace", "Shown AcmConfigNotFound", "AcmCapabilityMissing AcmCapabilityMissing AcmCapabilityMissing", """
            $null = New-AcmNamespace $other Shown
            (Get-AcmNamespace $other).Name
            Get-AcmNamespace nowhere
            """),
        ("New-AcmNamespace", "Shown d AcmConfigExists", "AcmCapabilityMissing AcmCapabilityMissing", """
            New-AcmNamespace $other Shown -Description d | ForEach-Object { $_.Name, $_.Description }
            New-AcmNamespace $other
            """),
        ("Set-AcmNamespace", "Renamed d", "AcmCapabilityMissing AcmCapabilityMissing", """
            $null = New-AcmNamespace $other Shown -Description d
            Set-AcmNamespace $other Renamed -PassThru | ForEach-Object { $_.Name, $_.Description }
            """),
        ("Remove-AcmNamespace", "AcmNamespaceNotEmpty 0", "AcmCapabilityMissing AcmCapabilityMissing AcmCapabilityMissing 1", """
            $null = New-AcmNamespace $other
            Set-AcmConfig a 1 -Namespace $other
            Remove-AcmNamespace $other
            Remove-AcmNamespace $other -Force
            @(Find-AcmConfig -Namespace $other).Count
            """),
        ("Test-AcmConnection", "True", null, """
            Test-AcmConnection | Where-Object Status -eq Failed | ForEach-Object Check
            @(Test-AcmConnection).Count -gt 3
            """),
        ("Test-AcmEncryption", "Failed Skipped", null, """
            Test-AcmEncryption | ForEach-Object { "$($_.Status)" } | Sort-Object -Unique
            """),
    ];

    /// <summary>The cmdlets that use a session but no server.</summary>
    private static readonly string[] Local = ["Clear-AcmSnapshot", "Disconnect-Acm", "Get-AcmSnapshot"];

    public static IEnumerable<TheoryDataRow<string, string>> Table => from generation in Generations from row in Cases select new TheoryDataRow<string, string>(generation, row.Command);

    [Theory]
    [MemberData(nameof(Table))]
    public void A_command_does_the_same_on_each_generation(string generation, string command)
    {
        (_, string output, string? onAcm, string script) = Cases.Single(row => row.Command == command);

        ModuleResult result = servers.Run(generation, script);

        Assert.Equal((generation == "ACM" ? onAcm : null) ?? output, string.Join(' ', result.ThrowOnError().Texts));
    }

    [Fact]
    public void Each_command_that_takes_a_session_is_in_the_table()
    {
        using ModuleShell shell = ModuleShell.Open();

        IReadOnlyList<string> commands = shell.Run("(Get-Command -Module Acm -CommandType Cmdlet | Where-Object { $_.Parameters.ContainsKey('Session') }).Name").ThrowOnError().Texts;

        Assert.Equal(commands.Order(StringComparer.Ordinal), Cases.Select(row => row.Command).Concat(Local).Order(StringComparer.Ordinal));
    }

    /// <summary>The servers and runspaces of all generations, which are started by the first test that uses them.</summary>
    public sealed class Servers : IDisposable
    {
        private readonly Dictionary<string, (ModuleServer Server, ModuleShell Shell)> _opened = [];
        private readonly TemporaryFiles _files = new();
        private int _runs;

        /// <summary>Runs a script in its own namespace, and returns its output with error IDs in place of errors.</summary>
        internal ModuleResult Run(string generation, string script)
        {
            if (!_opened.TryGetValue(generation, out (ModuleServer Server, ModuleShell Shell) opened)) _opened.Add(generation, opened = Open(generation));
            ModuleShell shell = opened.Shell;
            string name = $"test-{++_runs}";
            shell["ns"] = name;
            shell["other"] = name + "-other";
            shell["folder"] = Path.Combine(_files.Path, name);
            string statements = string.Join('\n', script.Split('\n').Select(statement => $"try {{ {statement} }} catch {{ $_.FullyQualifiedErrorId.Split(',')[0] }}"));
            return shell.Run($$"""
                $null = if ($nacos) { Connect-Acm -Server $server.Endpoint -Namespace $ns @quick } else { Connect-Acm $server.Endpoint $ns -Direct @quick }
                $ErrorActionPreference = 'Stop'; $WarningPreference = 'SilentlyContinue'; $ConfirmPreference = 'None'
                {{statements}}
                """);
        }

        public void Dispose()
        {
            foreach ((ModuleServer server, ModuleShell shell) in _opened.Values)
            {
                shell.Run("Disconnect-Acm");
                server.Dispose();
            }

            _files.Dispose();
        }

        private static (ModuleServer Server, ModuleShell Shell) Open(string generation)
        {
            ModuleServer server = generation == "ACM" ? new() : new(generation);
            ModuleShell shell = server.Open();
            shell["nacos"] = generation == "ACM" ? null : generation;
            shell.Run("$quick = @{ NoSnapshot = $true; FailoverPath = '/no-such-folder'; TimeoutSec = 30 }").ThrowOnError();
            return (server, shell);
        }
    }
}
