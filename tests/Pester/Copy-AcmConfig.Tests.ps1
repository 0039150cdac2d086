BeforeAll {
    . "$PSScriptRoot/common.ps1"
}

AfterAll {
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'Copy-AcmConfig' {
    BeforeEach {
        Remove-AcmConfig * -Group * -Force
        Remove-AcmConfig * -Group * -Namespace prod -Force
        Set-AcmConfig app '1'
        Set-AcmConfig db '2' -Group SHOP
        Set-AcmConfig app 'old' -Namespace prod
        Set-AcmConfig theirs 't' -Namespace prod
    }

    It 'with <what> leaves <there>' -ForEach @(
        @{ what = 'nothing more'; parameters = @{ ToNamespace = 'prod' }; there = 'app=1', 'db=2', 'theirs=t' }
        @{ what = 'a data id'; parameters = @{ DataId = 'a*'; ToNamespace = 'prod' }; there = 'app=1', 'theirs=t' }
        @{ what = 'a group'; parameters = @{ Group = 'SHOP'; ToNamespace = 'prod' }; there = 'app=old', 'db=2', 'theirs=t' }
        @{ what = '-Delete -Force'; parameters = @{ ToNamespace = 'prod'; Delete = $true; Force = $true }; there = 'app=1', 'db=2' }
        @{ what = '-WhatIf'; parameters = @{ ToNamespace = 'prod'; WhatIf = $true }; there = 'app=old', 'theirs=t' }
    ) {
        $null = Copy-AcmConfig @parameters

        Find-AcmConfig -Namespace prod | Get-AcmConfig -Namespace prod | ForEach-Object { "$($_.DataId)=$($_.Content)" } | Sort-Object | Should -Be $there
    }

    It 'copies to another session' {
        $prod = Connect-Server -Namespace prod -NoSnapshot
        $null = Connect-Server -NoSnapshot

        $summary = Copy-AcmConfig app -ToSession $prod

        $summary.Changed | Should -Be 1
        Get-AcmConfig app -Session $prod -Raw | Should -Be '1'
    }

    It 'changes nothing the second time' {
        $null = Copy-AcmConfig -ToNamespace prod

        $summary = Copy-AcmConfig -ToNamespace prod

        $summary.Unchanged | Should -Be 2
        $summary.Added + $summary.Changed | Should -Be 0
    }

    It 'rejects a copy of a namespace to itself' {
        Copy-AcmConfig -ToNamespace '' -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty

        $failures[0].FullyQualifiedErrorId | Should -Be 'AcmInvalidParameter,AcmPowerShell.CopyAcmConfigCommand'
    }

    It 'rejects a copy without a target' {
        { Copy-AcmConfig } | Should -Throw -ErrorId 'AcmInvalidParameter,*'
    }
}
