# Which suites run against each generation of Nacos: those of the commands that read, change and watch what a server has.
# And which of their tests do not hold there, each with the reason: nothing is left out anywhere else.
@{
    Suites = @(
        'Compare-AcmConfig', 'Copy-AcmConfig', 'Export-AcmConfig', 'Find-AcmConfig', 'Get-AcmConfig', 'Import-AcmConfig', 'Register-AcmWatcher', 'Remove-AcmConfig', 'Search-AcmConfig', 'Set-AcmConfig', 'Watch-AcmConfig'
    )

    Differences = @(
        @{ Suite = 'Set-AcmConfig'; Test = 'keeps every character that GBK has'; Reason = 'Nacos stores UTF-8.' }
    )
}
