using System.Globalization;
using System.Text.RegularExpressions;
using Acm.Client;
using Acm.Tests.Protocol.Nacos;
using Acm.Tests.Server;
using Acm.Tests.Support;

namespace Acm.Tests.Docs;

/// <summary>The table of the requests of each command to Nacos is correct: its commands run against each generation, and their requests are counted.</summary>
public sealed partial class NacosRequestsTests : IDisposable
{
    /// <summary>The number of configurations: one page of a list, and one more.</summary>
    private const int Configurations = 501;

    /// <summary>The commands that poll until they are stopped, only call KMS, or send no requests.</summary>
    private static readonly string[] NotCounted = ["Register-AcmWatcher", "Watch-AcmConfig", "Test-AcmEncryption", "Clear-AcmSnapshot", "Disconnect-Acm", "Get-AcmSnapshot"];

    private readonly TemporaryFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("One", 1)]
    [InlineData("Two", 2)]
    [InlineData("Three", 3)]
    [InlineData("ThreeTwo", 4)]
    public async Task A_command_sends_as_many_requests_as_the_table_says(string generation, int column)
    {
        await using RunningServer server = await NacosServers.StartAsync(generation);
        using (AcmClient writer = NacosServers.Connect(server)) await Task.WhenAll(Enumerable.Range(0, Configurations).Select(i => writer.PublishAsync(new ConfigKey(Name(i)), "port: " + i)));
        using ModuleShell shell = ModuleShell.Open();
        shell.Location = _files.Path;
        shell.Run($"$null = Connect-Acm -Server {server.Uri.Authority} -NoSnapshot -FailoverPath /no-such-folder -TimeoutSec 60; $null = Export-AcmConfig ./backup; $ConfirmPreference = 'None'; $null = Copy-AcmConfig -ToNamespace prod; Set-AcmConfig {Name(5)} 'port: 50'; Set-AcmConfig {Name(5)} 'port: 5'").ThrowOnError();

        var counted = new List<string>();
        var written = new List<string>();
        foreach (Match row in Rows())
        {
            string command = row.Groups["command"].Value;
            shell.Run("$md5 = (Get-AcmConfig k00001.yaml).Md5; Remove-AcmConfig new.yaml, other.yaml -WarningAction SilentlyContinue").ThrowOnError();

            // A new session for each row, because a session reads its own recent writes differently.
            shell.Run($"$null = Connect-Acm -Server {server.Uri.Authority} -NoSnapshot -FailoverPath /no-such-folder -TimeoutSec 60; $null = Find-AcmConfig k00001.yaml").ThrowOnError();
            ModuleResult run = shell.Run($"$VerbosePreference = 'Continue'; {command}; $VerbosePreference = 'SilentlyContinue'").ThrowOnError();
            counted.Add(string.Create(CultureInfo.InvariantCulture, $"{run.Verbose.Count(line => line.Contains(" answered ", StringComparison.Ordinal))} {command}"));
            written.Add($"{row.Groups["count"].Captures[column - 1].Value} {command}");
        }

        Assert.NotEmpty(written);
        Assert.Equal(written, counted);
    }

    [Fact]
    public void Each_command_that_takes_a_session_is_in_the_table()
    {
        IEnumerable<string> commands = ModuleCommands.All.Where(command => command.Parameters.ContainsKey("Session")).Select(command => command.Name);

        Assert.Equal(commands.Order(StringComparer.Ordinal), Rows().Select(row => row.Groups["command"].Value.Split(' ')[0]).Concat(NotCounted).Distinct().Order(StringComparer.Ordinal));
    }

    private static MatchCollection Rows() => Row().Matches(File.ReadAllText(Path.Combine(DocsFolder.Root, "nacos-compatibility.md")));

    private static string Name(int i) => "k" + i.ToString("D5", CultureInfo.InvariantCulture) + ".yaml";

    [GeneratedRegex(@"^\| `(?<command>[A-Z][^`]+)` \|(?: (?<count>\d+) \|){4}$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
