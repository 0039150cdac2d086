using Acm.Tests.Support;

namespace Acm.Tests.Commands;

/// <summary>A prompt in a non-interactive shell is always the same error. PowerShell's console host throws a null reference exception if its input has ended.</summary>
public sealed class QuestionTests : IDisposable
{
    private const string Script = """
        param($files)
        $null = Start-AcmServer -InMemory | Connect-Acm -SnapshotPath "$files/snapshot" -FailoverPath "$files/failover"
        Set-AcmConfig app.yaml '1'
        Set-AcmConfig more.yaml '1'
        $null = Get-AcmConfig *
        $watcher = Register-AcmWatcher app.yaml
        $failures = foreach ($question in
            # ShouldProcess of one thing.
            { Set-AcmConfig app.yaml '2' -Confirm }, { Remove-AcmConfig app.yaml -Confirm }, { Clear-AcmSnapshot app.yaml -Confirm },
            { Stop-AcmServer -Confirm }, { Unregister-AcmWatcher * -Confirm }, { Add-AcmProfile one -Endpoint 127.0.0.1:1 -SkipTest -Confirm },
            { Export-AcmConfig "$files/out" -Confirm },
            # Of each of several.
            { Import-AcmConfig "$files/config" -Confirm },
            # ShouldContinue.
            { Import-AcmConfig "$files/config" -Delete }, { Export-AcmConfig "$files/old" -Delete }, { Clear-AcmSnapshot }) {
            try { $null = & $question; "no failure: $question" } catch { "$($_.FullyQualifiedErrorId.Split(',')[0]) $($_.CategoryInfo.Category)" }
        }
        ''
        $failures
        Get-AcmConfig * | ForEach-Object { "$($_.Key)=$($_.Content)" } | Sort-Object
        """;

    private readonly TemporaryFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task That_nobody_can_answer_is_an_error_and_nothing_is_changed(bool nonInteractive)
    {
        string script = _files.Write("questions.ps1", Script);
        _files.Write("config/new.yaml", "1");
        _files.Write("old/gone.yaml", "1");
        var environment = new Dictionary<string, string?> { ["ACM_PROFILE_PATH"] = Path.Combine(_files.Path, "profiles.json") };

        ShellResult result = await PowerShellProcess.RunAsync([.. nonInteractive ? new[] { "-NonInteractive" } : [], "-File", script, _files.Path], environment: environment);

        string[] told = [.. Enumerable.Repeat("AcmConfirmationImpossible InvalidOperation", 11), "DEFAULT_GROUP/app.yaml=1", "DEFAULT_GROUP/more.yaml=1"];
        Assert.Equal(told, result.Output.Split('\n').TakeLast(told.Length));
        Assert.Equal("", result.Errors);
        Assert.True(File.Exists(Path.Combine(_files.Path, "old", "gone.yaml")));
        Assert.False(File.Exists(Path.Combine(_files.Path, "profiles.json")));
    }
}
