BeforeAll {
    . "$PSScriptRoot/common.ps1"
}

AfterAll {
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'Restore-AcmConfig' {
    BeforeEach {
        Set-AcmConfig app.yaml 'a: 1'
        Set-AcmConfig app.yaml 'a: 2'
    }

    It 'undoes one change' {
        Restore-AcmConfig app.yaml -Previous

        Get-AcmConfig app.yaml -Raw | Should -Be 'a: 1'
    }

    It 'restores a version by number and by the pipe' {
        $versions = Get-AcmConfigHistory app.yaml
        Restore-AcmConfig app.yaml -Version $versions[1].Version
        Get-AcmConfig app.yaml -Raw | Should -Be 'a: 1'

        $versions[0] | Restore-AcmConfig
        Get-AcmConfig app.yaml -Raw | Should -Be 'a: 2'
    }

    It 'restores the state at a time' {
        $moment = (Get-AcmConfigHistory app.yaml)[0].Time
        Remove-AcmConfig app.yaml -Confirm:$false
        Restore-AcmConfig app.yaml -AsOf $moment

        Get-AcmConfig app.yaml -Raw | Should -Be 'a: 2'
    }

    It 'restores a removed configuration' {
        Remove-AcmConfig app.yaml -Confirm:$false

        (Restore-AcmConfig app.yaml -Deleted -PassThru).Content | Should -Be 'a: 2'
    }

    It 'changes nothing with -WhatIf' {
        Restore-AcmConfig app.yaml -Previous -WhatIf

        Get-AcmConfig app.yaml -Raw | Should -Be 'a: 2'
    }

    It 'warns that a wildcard with -AsOf does not match removed configurations' {
        $moment = (Get-AcmConfigHistory app.yaml)[0].Time
        Restore-AcmConfig app.* -AsOf $moment -Force -WarningVariable warnings -WarningAction SilentlyContinue

        $warnings | Should -BeLike 'A wildcard matches only existing configurations.*'
    }

    It 'never removes a configuration' {
        Set-AcmConfig late.yaml 'x'
        Restore-AcmConfig late.yaml -AsOf ([DateTimeOffset]::UtcNow.AddDays(-1)) -ErrorVariable failures -ErrorAction SilentlyContinue

        $failures.FullyQualifiedErrorId | Should -Be 'AcmConfigNotFound,AcmPowerShell.RestoreAcmConfigCommand'
        Get-AcmConfig late.yaml -Raw | Should -Be 'x'
    }
}
