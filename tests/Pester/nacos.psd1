# Which suites run against each generation of Nacos, and which of their tests do not hold there, each with the reason: nothing is left out anywhere else.
@{
    Suites = @(
        'Clear-AcmSnapshot', 'Compare-AcmConfig', 'Copy-AcmConfig', 'Disconnect-Acm', 'Export-AcmConfig', 'Export-AcmEnvironment', 'Find-AcmConfig', 'Get-AcmConfig', 'Get-AcmSnapshot', 'Get-AcmWatcher',
        'Import-AcmConfig', 'Register-AcmWatcher', 'Remove-AcmConfig', 'Search-AcmConfig', 'Set-AcmConfig', 'Unregister-AcmWatcher', 'Watch-AcmConfig'
    )

    Differences = @(
        @{ Suite = 'Set-AcmConfig'; Test = 'keeps every character that GBK has'; Reason = 'Nacos stores UTF-8.' }
    )
}
