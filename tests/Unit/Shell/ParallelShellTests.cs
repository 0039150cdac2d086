using Acm.Tests.Support;

namespace Acm.Tests.Shell;

/// <summary>ForEach-Object -Parallel and Start-ThreadJob, which use other runspaces of the same process, in a normal shell.</summary>
public sealed class ParallelShellTests : IDisposable
{
    private readonly TemporaryFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Branches_of_ForEach_Object_share_a_session_that_is_handed_to_them_and_no_other()
    {
        string[] lines = await LinesAsync("""
            1..40 | ForEach-Object -Parallel { Set-AcmConfig "key$_" "value $_" -Session $using:session } -ThrottleLimit 8
            $read = 1..40 | ForEach-Object -Parallel { Get-AcmConfig "key$_" -Raw -Session $using:session } -ThrottleLimit 8
            "read: $(@($read | Sort-Object -Unique).Count)"
            # A branch has no default session: this shell's is not its own.
            1..2 | ForEach-Object -Parallel { try { Get-AcmConfig key1 } catch { "$($_.FullyQualifiedErrorId.Split(',')[0])" } }
            # What a branch connects ends with it, and not this shell's.
            1 | ForEach-Object -Parallel { $null = Connect-Acm 127.0.0.1:1 -Direct }
            "still: $(Get-AcmConfig key1 -Raw)"
            """);

        Assert.Equal(["read: 40", "AcmNotConnected", "AcmNotConnected", "still: value 1"], lines);
    }

    [Fact]
    public async Task A_thread_job_reads_and_watches_with_the_session_of_the_shell_that_started_it()
    {
        string[] lines = await LinesAsync("""
            Set-AcmConfig app.yaml 'one'
            $job = Start-ThreadJob {
                Get-AcmConfig app.yaml -Raw -Session $using:session
                Watch-AcmConfig app.yaml -Session $using:session -TimeoutSec 120 | ForEach-Object {
                    "$($_.Kind) $($_.Content)"
                    if ($_.Kind -eq 'Initial') { Set-AcmConfig app.yaml 'two' -Session $using:session }
                } | Select-Object -First 2
            }
            $job | Receive-Job -Wait
            "state: $($job.State)"
            """);

        Assert.Equal(["one", "Initial one", "Changed two", "state: Completed"], lines);
    }

    private async Task<string[]> LinesAsync(string script)
    {
        string file = _files.Write("parallel.ps1", """
            param($files)
            $ErrorActionPreference = 'Stop'
            $session = Start-AcmServer -InMemory | Connect-Acm -SnapshotPath "$files/snapshot" -FailoverPath "$files/failover"

            """ + script);

        ShellResult result = await SharedShell.RunFileAsync(file, [_files.Path]);

        Assert.Equal("", result.Errors);
        return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
