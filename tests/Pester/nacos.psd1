# Which suites run against each generation of Nacos: those of the commands that read, change and watch what a server has.
# And which of their tests are left out there, each with the reason: they do not hold, or they connect with ACM and would prove the same again. Tests that send no request run everywhere: they take milliseconds, and a list of them would hide one that begins to send requests.
@{
    Suites = @(
        'Compare-AcmConfig', 'Copy-AcmConfig', 'Export-AcmConfig', 'Find-AcmConfig', 'Get-AcmConfig', 'Import-AcmConfig', 'Register-AcmWatcher', 'Remove-AcmConfig', 'Search-AcmConfig', 'Set-AcmConfig', 'Watch-AcmConfig'
    )

    Differences = @(
        @{ Suite = 'Set-AcmConfig'; Test = 'keeps every character that GBK has'; Reason = 'Nacos stores UTF-8.' }

        @{ Suite = 'Find-AcmConfig'; Test = 'lists snapshots with a warning while no server is reachable'; Reason = 'It has a server of its own, with ACM.' }
        @{ Suite = 'Find-AcmConfig'; Test = 'writes an error if no server is reachable'; Reason = 'It connects to no server, with ACM.' }
        @{ Suite = 'Get-AcmConfig'; Test = 'distinguishes an unreachable server from a missing configuration'; Reason = 'It connects to no server, with ACM.' }
        @{ Suite = 'Set-AcmConfig'; Test = 'is written for a character that GBK lacks, on ACM'; Reason = 'It connects with ACM.' }
    )
}
