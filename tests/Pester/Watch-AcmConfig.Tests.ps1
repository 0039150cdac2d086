BeforeAll {
    . "$PSScriptRoot/common.ps1"
}

AfterAll {
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'Watch-AcmConfig' {
    AfterEach {
        Remove-AcmConfig -DataId * -Group * -Force
    }

    It 'returns the initial value and then each change, until the pipeline stops' {
        Set-AcmConfig app.yaml 'a: 1'

        $changes = Watch-AcmConfig -DataId app.yaml | ForEach-Object { $_; Set-AcmConfig app.yaml 'a: 2' } | Select-Object -First 2

        $changes | ForEach-Object { "$($_.Kind) $($_.Content)" } | Should -Be 'Initial a: 1', 'Changed a: 2'
        $changes[0] | Should -BeOfType ([AcmPowerShell.AcmConfigChange])
    }

    It 'distinguishes a removal from a change' {
        Set-AcmConfig app.yaml 'a: 1'

        $changes = Watch-AcmConfig app.yaml | ForEach-Object { $_; Remove-AcmConfig app.yaml } | Select-Object -First 2

        "$($changes[1].Kind)" | Should -Be 'Removed'
        $changes[1].PreviousContent | Should -Be 'a: 1'
    }

    It 'watches several keys, by wildcard, group and from the pipeline' {
        Set-AcmConfig a.yaml '1'
        Set-AcmConfig b.yaml '2' -Group G

        Watch-AcmConfig -DataId a*, b* -Group * | Select-Object -First 2 | ForEach-Object { "$_" } | Sort-Object |
            Should -Be 'Initial DEFAULT_GROUP/a.yaml', 'Initial G/b.yaml'
        Find-AcmConfig b* | Watch-AcmConfig | Select-Object -First 1 | ForEach-Object { "$_" } | Should -Be 'Initial G/b.yaml'
    }

    It 'returns new names that match a wildcard' {
        Set-AcmConfig a.yaml '1'

        Watch-AcmConfig *.yaml -PollIntervalSec 0.1 | ForEach-Object { "$_"; if ($_.DataId -eq 'a.yaml') { Set-AcmConfig b.yaml '2' } } | Select-Object -First 2 |
            Should -Be 'Initial DEFAULT_GROUP/a.yaml', 'Added DEFAULT_GROUP/b.yaml'
    }

    It 'ends after -TimeoutSec, without an error' {
        Set-AcmConfig app.yaml 'a: 1'

        Watch-AcmConfig app.yaml -NoInitial -TimeoutSec 0.2 -ErrorVariable failures | Should -BeNullOrEmpty

        $failures | Should -HaveCount 0
    }

    It 'writes values and changes of content also with -IncludeMetadata' {
        Set-AcmConfig app.yaml 'a: 1'

        Watch-AcmConfig app.yaml -IncludeMetadata | ForEach-Object { "$($_.Kind) $($_.Content)"; if ($_.Kind -eq 'Initial') { Set-AcmConfig app.yaml 'a: 2' } } | Select-Object -First 2 |
            Should -Be 'Initial a: 1', 'Changed a: 2'
    }

    It 'writes an error for an invalid name' {
        Watch-AcmConfig 'a b' -TimeoutSec 0.2 -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty

        $failures.FullyQualifiedErrorId | Should -Be 'AcmInvalidKey,AcmPowerShell.WatchAcmConfigCommand'
    }

    It 'is a terminating error without a connection' {
        $ended = Connect-Server -NoSnapshot
        Disconnect-Acm $ended
        $null = Connect-Server -NoSnapshot

        { Watch-AcmConfig app.yaml -Session $ended } | Should -Throw -ErrorId 'AcmNotConnected,*'
    }
}
