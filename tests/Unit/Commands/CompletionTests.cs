using System.Diagnostics;
using System.Management.Automation;
using Acm.Tests.Support;

namespace Acm.Tests.Commands;

[Collection(ProfilesCollection.Name)]
public sealed class CompletionTests(ModuleServer server) : IClassFixture<ModuleServer>
{
    [Theory]
    [InlineData("Get-AcmConfig ", "G/app.b app.a other")]
    [InlineData("Get-AcmConfig app", "G/app.b app.a")]
    [InlineData("Get-AcmConfig APP", "G/app.b app.a")]
    [InlineData("Get-AcmConfig 'app", "G/app.b app.a")]
    [InlineData("Get-AcmConfig *b", "G/app.b")]
    [InlineData("Remove-AcmConfig -Group G -DataId app", "app.b")]
    [InlineData("Set-AcmConfig -DataId oth", "other")]
    [InlineData("Get-AcmConfig -Group ", "DEFAULT_GROUP G")]
    [InlineData("Get-AcmConfig g/", "G/app.b")]
    [InlineData("Find-AcmConfig app", "app.a app.b")]
    [InlineData("Get-AcmConfig app.b -Group ", "G")]
    [InlineData("Find-AcmConfig x g", "G")]
    public void Live_names_are_offered(string line, string expected)
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig app.a 'x'; Set-AcmConfig app.b 'x' -Group G; Set-AcmConfig other 'x'").ThrowOnError();

        CompletionResult[] found = Complete(shell, line, expected.Split(' ').Length);

        Assert.Equal(expected, string.Join(" ", found.Select(f => f.ListItemText)));
        Assert.All(found, f => Assert.NotEqual("", f.ToolTip));
    }

    [Fact]
    public void Encodings_are_offered()
    {
        ModuleShell shell = server.Connect();

        CompletionResult[] found = Complete(shell, "Set-AcmConfig -Path x -Encoding gb");

        Assert.Equal(["gbk", "gb18030"], found.Select(f => f.ListItemText));
    }

    [Theory]
    [InlineData("Get-AcmConfig x")]
    [InlineData("Get-AcmConfig -Namespace 'a/b' -DataId x")]
    public void There_is_nothing_and_no_error_where_nothing_can_be_known(string line)
    {
        using ModuleShell shell = ModuleShell.Open();

        Assert.Empty(Complete(shell, line));

        shell.Run("$null = Connect-Acm 127.0.0.1:1 -NoSnapshot; $Error.Clear()").ThrowOnError();
        Assert.Empty(Complete(shell, line));
        Assert.Equal(["0"], shell.Run("$Error.Count").Texts);
    }

    [Fact]
    public void A_server_that_hangs_is_not_waited_for()
    {
        using var silent = new SilentServer();
        using ModuleShell shell = ModuleShell.Open();
        shell["endpoint"] = silent.Endpoint;
        shell.Run("$null = Connect-Acm $endpoint -Direct -NoSnapshot -TimeoutSec 600").ThrowOnError();
        Complete(shell, "Get-Command Get-Acm");
        var clock = Stopwatch.StartNew();

        CompletionResult[] found = Complete(shell, "Get-AcmConfig x");

        // It does not wait for the time-out of ten minutes.
        Assert.Empty(found);
        Assert.True(clock.Elapsed < ModuleShell.Deadline, $"It took {clock.Elapsed}.");
    }

    [Fact]
    public async Task Old_names_are_offered_while_the_server_takes_its_time_for_new_ones()
    {
        int lists = 0;
        await using var server = new ScriptedServer(_ => Interlocked.Increment(ref lists) == 1 ? List(1, 1, "app.a") : ScriptedReply.Hang);
        using ModuleShell shell = ModuleShell.Open();
        shell["endpoint"] = server.Address;
        shell.Run("$null = Connect-Acm $endpoint -Direct -NoSnapshot -TimeoutSec 600").ThrowOnError();
        var waited = Stopwatch.StartNew();

        // Until the cache expires, and the server is called again.
        while (Volatile.Read(ref lists) < 2 && waited.Elapsed < ModuleShell.Deadline) Complete(shell, "Get-AcmConfig ");
        CompletionResult[] found = Complete(shell, "Get-AcmConfig ");

        Assert.Equal(2, lists);
        Assert.Equal(["app.a"], found.Select(one => one.ListItemText));
    }

    [Fact]
    public async Task No_more_names_are_kept_than_anybody_can_choose_from()
    {
        const int MostKept = 20_000;
        const int Pages = 1000;
        int asked = 0;
        await using var server = new ScriptedServer(request =>
        {
            Interlocked.Increment(ref asked);
            int size = request.Number("pageSize");
            return List(request.Number("pageNo"), Pages, [.. Enumerable.Range(request.Number("pageNo") * size, size).Select(i => $"key{i}")]);
        });
        using ModuleShell shell = ModuleShell.Open();
        shell["endpoint"] = server.Address;
        shell.Run("$null = Connect-Acm $endpoint -Direct -NoSnapshot -TimeoutSec 600").ThrowOnError();
        CompletionResult[] found = Complete(shell, "Get-AcmConfig key", MostKept);

        Assert.Equal(MostKept, found.Length);
        Assert.True(asked < Pages, $"{asked} pages were read.");
    }

    [Fact]
    public void Namespaces_are_those_of_the_connections_and_those_that_commands_were_given()
    {
        ModuleShell shell = server.Connect();
        shell.Run("$first = Get-AcmSession; $other = Connect-Acm $endpoint 0-guid -NoSnapshot; Find-AcmConfig -Namespace seen-by-a-command; $null = Connect-Acm $endpoint -NoSnapshot").ThrowOnError();

        CompletionResult[] found = Complete(shell, "Get-AcmConfig x -Namespace ");

        Assert.Equal(((string[])["0-guid", "seen-by-a-command", (string)shell["ns"]!]).Order(StringComparer.Ordinal), found.Select(f => f.ListItemText));
        Assert.Equal("'0-guid'", found[0].CompletionText);
        Assert.Equal(["seen-by-a-command"], Complete(shell, "Connect-Acm x 'SEEN").Select(f => f.ListItemText));
    }

    [Fact]
    public void Namespaces_that_the_server_lists_are_offered_with_their_names()
    {
        using var nacos = new ModuleServer();
        string endpoint = nacos.Endpoint;
        nacos.Open().Run("""
            $null = Connect-Acm -Server $server.Endpoint -NoSnapshot -FailoverPath /no-such-folder -TimeoutSec 30
            $null = New-AcmNamespace listed-1 Shop
            $null = New-AcmNamespace listed-2 Stock
            """).ThrowOnError();
        using ModuleShell shell = ModuleShell.Open();
        shell["endpoint"] = endpoint;
        shell.Run("$null = Connect-Acm -Server $endpoint -NoSnapshot -FailoverPath /no-such-folder -TimeoutSec 30").ThrowOnError();

        CompletionResult[] found = Complete(shell, "Get-AcmConfig x -Namespace listed", 2);

        Assert.Equal(["listed-1", "listed-2"], found.Select(f => f.CompletionText));
        Assert.Equal($"Namespace 'Shop' at {endpoint}", found[0].ToolTip);
    }

    [Fact]
    public void A_server_that_hangs_is_not_waited_for_when_namespaces_are_completed()
    {
        using var silent = new SilentServer();
        using ModuleShell shell = ModuleShell.Open();
        shell["endpoint"] = silent.Endpoint;
        shell.Run("$null = Connect-Acm $endpoint staging -Direct -NoSnapshot -TimeoutSec 600").ThrowOnError();

        Assert.Equal(["staging"], Complete(shell, "Get-AcmConfig x -Namespace ").Select(f => f.CompletionText));
    }

    [Theory]
    [InlineData("Copy-AcmConfig -ToNamespace ")]
    [InlineData("Compare-AcmConfig -ToNamespace ")]
    [InlineData("Get-AcmSnapshot -Namespace ")]
    public void Namespaces_are_offered_wherever_one_is_asked_for(string line)
    {
        using ModuleShell shell = ModuleShell.Open();
        shell.Run("$null = Connect-Acm 127.0.0.1:1 staging -Direct -NoSnapshot").ThrowOnError();

        Assert.Equal(["staging"], Complete(shell, line).Select(f => f.CompletionText));
    }

    [Fact]
    public void Snapshots_are_offered_without_a_server()
    {
        using var folder = new TemporaryFiles();
        ModuleShell shell = server.Connect();
        shell["path"] = folder.Path;
        shell.Run("""
            $null = Connect-Acm $endpoint $ns -SnapshotPath $path
            Set-AcmConfig app.a '1'; Set-AcmConfig app.b '2' -Group G; $null = Get-AcmConfig app.*, app.a -Group *
            $null = Connect-Acm 127.0.0.1:1 $ns -SnapshotPath $path
            """).ThrowOnError();

        Assert.Equal(["app.a", "app.b"], Complete(shell, "Get-AcmSnapshot ", 2).Select(f => f.CompletionText));
        Assert.Equal(["app.b"], Complete(shell, "Clear-AcmSnapshot 'APP.b", 1).Select(f => f.CompletionText));
        Assert.Equal(["DEFAULT_GROUP", "G"], Complete(shell, "Get-AcmSnapshot -Namespace * -Group ", 2).Select(f => f.CompletionText));
        Assert.Empty(Complete(shell, "Get-AcmSnapshot -Namespace other -Group "));
        Assert.Empty(Complete(shell, "Get-AcmSnapshot -Path x -DataId "));
    }

    [Fact]
    public void Regions_of_KMS_are_offered()
    {
        using ModuleShell shell = ModuleShell.Open();

        Assert.Equal(["cn-shanghai", "cn-shenzhen"], Complete(shell, "Connect-Acm x -KmsRegionId cn-sh").Select(f => f.CompletionText));
        Assert.Contains("eu-central-1", Complete(shell, "Add-AcmProfile x -KmsRegionId ").Select(f => f.CompletionText));
    }

    [Fact]
    public void Endpoints_are_those_of_connections_and_of_the_servers_of_this_session()
    {
        using ModuleShell shell = ModuleShell.Open();
        shell.Run("$kept = Connect-Acm one.example.com:8848, two.example.com -Direct -NoSnapshot; $server = Start-AcmServer -InMemory").ThrowOnError();

        Assert.Equal(["one.example.com:8848"], Complete(shell, "Connect-Acm one").Select(f => f.CompletionText));
        Assert.Equal(["two.example.com"], Complete(shell, "Connect-Acm -Endpoint 'two").Select(f => f.CompletionText));
        Assert.Equal(shell.Run("\"'$($server.Endpoint)'\"").Texts, Complete(shell, "Connect-Acm 127.0.0.1:").Select(f => f.CompletionText));
    }

    // PowerShell completes enumerations itself; this checks that every parameter keeps its enumeration type.
    [Fact]
    public void The_values_of_an_enumeration_are_offered()
    {
        using ModuleShell shell = ModuleShell.Open();

        Assert.Contains("Environment", Complete(shell, "Connect-Acm x -CredentialSource E").Select(f => f.ListItemText));
    }

    private static ScriptedReply List(int page, int pages, params string[] dataIds)
    {
        string items = string.Join(",", dataIds.Select(dataId => $$"""{"appName":"","dataId":"{{dataId}}","group":"DEFAULT_GROUP"}"""));
        return ScriptedReply.Text(200, "application/json", $$"""{"totalCount":{{pages * dataIds.Length}},"pageNumber":{{page}},"pagesAvailable":{{pages}},"pageItems":[{{items}}]}""");
    }

    // A completion waits a quarter of a second for servers and folders and offers the results so far; the next one offers the rest.
    private static CompletionResult[] Complete(ModuleShell shell, string line, int count)
    {
        CompletionResult[] found;
        var waited = Stopwatch.StartNew();
        do found = Complete(shell, line);
        while (found.Length < count && waited.Elapsed < ModuleShell.Deadline);
        return found;
    }

    // PowerShell offers file names if a completer has no results.
    private static CompletionResult[] Complete(ModuleShell shell, string line)
    {
        using PowerShell powerShell = PowerShell.Create(shell.Runspace);
        return [.. CommandCompletion.CompleteInput(line, line.Length, null, powerShell).CompletionMatches.Where(m => m.ResultType == CompletionResultType.ParameterValue)];
    }
}
