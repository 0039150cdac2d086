# Which suites run against each generation of Nacos: those of the commands that read, change and watch what a server has.
# And which of their tests are left out there, each with the reason: they do not hold, or they prove the same as on ACM, because the suite's server receives no request, or only ones of ACM.
@{
    Suites = @(
        'Compare-AcmConfig', 'Copy-AcmConfig', 'Export-AcmConfig', 'Find-AcmConfig', 'Get-AcmConfig', 'Import-AcmConfig', 'Register-AcmWatcher', 'Remove-AcmConfig', 'Search-AcmConfig', 'Set-AcmConfig', 'Watch-AcmConfig'
    )

    Differences = @(
        @{ Suite = 'Set-AcmConfig'; Test = 'keeps every character that GBK has'; Reason = 'Nacos stores UTF-8.' }

        @{ Suite = 'Compare-AcmConfig'; Test = 'compares two folders without a server'; Reason = 'It sends no request.' }
        @{ Suite = 'Find-AcmConfig'; Test = 'lists snapshots with a warning while no server is reachable'; Reason = 'It has a server of its own, with ACM.' }
        @{ Suite = 'Find-AcmConfig'; Test = 'writes an error if no server is reachable'; Reason = 'It connects to no server, with ACM.' }
        @{ Suite = 'Get-AcmConfig'; Test = 'before a data ID that differs from -Group, or before a wildcard, is not valid'; Reason = 'It sends no request.' }
        @{ Suite = 'Get-AcmConfig'; Test = 'is written for an invalid name'; Reason = 'It sends no request.' }
        @{ Suite = 'Get-AcmConfig'; Test = 'distinguishes an unreachable server from a missing configuration'; Reason = 'It connects to no server, with ACM.' }
        @{ Suite = 'Get-AcmConfig'; Test = 'ends the command without a connection'; Reason = 'It sends no request.' }
        @{ Suite = 'Set-AcmConfig'; Test = 'does not append the parameter in brackets'; Reason = 'It sends no request.' }
        @{ Suite = 'Set-AcmConfig'; Test = 'is written for a character that GBK lacks, on ACM'; Reason = 'It connects with ACM.' }
        @{ Suite = 'Watch-AcmConfig'; Test = 'is a terminating error without a connection'; Reason = 'It sends no request.' }
    )
}
