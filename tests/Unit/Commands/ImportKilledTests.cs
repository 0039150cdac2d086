using Acm.Tests.Support;

namespace Acm.Tests.Commands;

/// <summary>After a shell is killed during an import, each value is old or new, and another import completes.</summary>
public sealed class ImportKilledTests(ModuleServer server) : IClassFixture<ModuleServer>
{
    private const int Count = 300;

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(250)]
    public async Task A_second_run_ends_in_the_state_of_an_undisturbed_one(int published)
    {
        using var files = new TemporaryFiles();
        ModuleShell shell = server.Connect();
        shell.Location = files.Path;
        shell.Run("1..20 | ForEach-Object { Set-AcmConfig \"old-$_\" 'x'; Set-AcmConfig \"app-$_\" 'old' }").ThrowOnError();
        for (int i = 1; i <= Count; i++) files.Write($"config/app-{i}", "new");

        // The script reports when this number was published, and is then killed.
        using (PowerShellProcess killed = PowerShellProcess.Start(["-Command",
            $"$null = Connect-Acm {server.Endpoint} {shell["ns"]} -NoSnapshot; $n = 0; " +
            $"Import-AcmConfig '{files.Path}/config' -Delete -Force -ThrottleLimit 2 -Verbose 4>&1 | ForEach-Object {{ if (\"$_\" -like '* to Publish *' -and ++$n -eq {published}) {{ 'now' }} }}"]))
        {
            await killed.WaitForLineAsync("now");
            await killed.KillAsync();
        }

        // Its last removal may still arrive between the list and the read.
        string[] between = shell.Run("Find-AcmConfig | Get-AcmConfig -ErrorAction Ignore | ForEach-Object { \"$($_.DataId)=$($_.Content)\" }").ThrowOnError().Texts.ToArray();
        ModuleResult second = shell.Run("Import-AcmConfig config -Delete -Force | ForEach-Object IsComplete");
        string[] after = shell.Run("Find-AcmConfig | Get-AcmConfig | ForEach-Object { \"$($_.DataId)=$($_.Content)\" }").ThrowOnError().Texts.ToArray();

        Assert.All(between, text => Assert.True(text.EndsWith("=new", StringComparison.Ordinal) || text.EndsWith("=old", StringComparison.Ordinal) || text.EndsWith("=x", StringComparison.Ordinal), text));
        Assert.True(between.Count(text => text.EndsWith("=new", StringComparison.Ordinal)) == Count || between.Count(text => text.StartsWith("old-", StringComparison.Ordinal)) == 20);
        Assert.Equal(["True"], second.Texts);
        Assert.Equal(Enumerable.Range(1, Count).Select(i => $"app-{i}=new").Order(StringComparer.Ordinal), after.Order(StringComparer.Ordinal));
    }
}
