BeforeAll {
    . "$PSScriptRoot/common.ps1"
}

AfterAll {
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'Remove-AcmConfig' {
    BeforeEach {
        Remove-AcmConfig -DataId * -Group * -Force
        Set-AcmConfig a '1'
        Set-AcmConfig ab '2'
        Set-AcmConfig b '3'
        Set-AcmConfig a '4' -Group G
    }

    It 'of <what> leaves <left>' -ForEach @(
        @{ what = 'a name'; parameters = @{ DataId = 'a' }; left = 'DEFAULT_GROUP/ab', 'DEFAULT_GROUP/b', 'G/a' }
        @{ what = 'a name in a group'; parameters = @{ DataId = 'a'; Group = 'G' }; left = 'DEFAULT_GROUP/a', 'DEFAULT_GROUP/ab', 'DEFAULT_GROUP/b' }
        @{ what = 'a group and a name as one'; parameters = @{ DataId = 'G/a' }; left = 'DEFAULT_GROUP/a', 'DEFAULT_GROUP/ab', 'DEFAULT_GROUP/b' }
        @{ what = 'two names'; parameters = @{ DataId = 'a', 'b' }; left = 'DEFAULT_GROUP/ab', 'G/a' }
        @{ what = 'a wildcard'; parameters = @{ DataId = 'a*'; Force = $true }; left = 'DEFAULT_GROUP/b', 'G/a' }
        @{ what = 'a wildcard in all groups'; parameters = @{ DataId = 'a*'; Group = '*'; Confirm = $false }; left = 'DEFAULT_GROUP/b' }
        @{ what = 'what is not there'; parameters = @{ DataId = 'x', 'y*' }; left = 'DEFAULT_GROUP/a', 'DEFAULT_GROUP/ab', 'DEFAULT_GROUP/b', 'G/a' }
        @{ what = 'anything with -WhatIf'; parameters = @{ DataId = '*'; Group = '*'; WhatIf = $true }; left = 'DEFAULT_GROUP/a', 'DEFAULT_GROUP/ab', 'DEFAULT_GROUP/b', 'G/a' }
        @{ what = 'anything in another namespace'; parameters = @{ DataId = '*'; Group = '*'; Namespace = 'empty' }; left = 'DEFAULT_GROUP/a', 'DEFAULT_GROUP/ab', 'DEFAULT_GROUP/b', 'G/a' }
    ) {
        Remove-AcmConfig @parameters | Should -BeNullOrEmpty

        Find-AcmConfig | ForEach-Object { "$_" } | Sort-Object | Should -Be $left
    }

    It 'takes names from the pipeline' {
        'a', 'ab' | Remove-AcmConfig -ThrottleLimit 1 -Confirm:$false

        Find-AcmConfig | ForEach-Object { "$_" } | Sort-Object | Should -Be 'DEFAULT_GROUP/b', 'G/a'
    }

    It 'accepts the output of Find-AcmConfig, with its group' {
        Find-AcmConfig -Group G | Remove-AcmConfig -Confirm:$false

        Find-AcmConfig | ForEach-Object { "$_" } | Sort-Object | Should -Be 'DEFAULT_GROUP/a', 'DEFAULT_GROUP/ab', 'DEFAULT_GROUP/b'
    }

    It 'makes reading an error' {
        Remove-AcmConfig a

        { Get-AcmConfig a -ErrorAction Stop } | Should -Throw -ErrorId 'AcmConfigNotFound,*'
    }

    It 'warns of a name that does not exist' {
        Remove-AcmConfig typo, b -WarningVariable warnings -WarningAction SilentlyContinue

        $warnings | Should -HaveCount 1
        $warnings[0] | Should -BeLike "Configuration 'DEFAULT_GROUP/typo' was not found*"
        Find-AcmConfig b | Should -BeNullOrEmpty
    }

    It 'shows the content to remove with -WhatIf' {
        Start-Transcript TestDrive:/what-if.txt | Out-Null

        try { Remove-AcmConfig ab -WhatIf } finally { Stop-Transcript | Out-Null }

        Get-Content TestDrive:/what-if.txt -Raw | Should -Match "What if: Remove DEFAULT_GROUP/ab in .*$([regex]::Escape($server.Endpoint))\s+@@ -1 \+0,0 @@\s+-2"
    }

    It 'writes an error for an invalid name, and removes the others' {
        Remove-AcmConfig 'a b', 'b' -ErrorVariable failures -ErrorAction SilentlyContinue

        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -Be 'AcmInvalidKey,AcmPowerShell.RemoveAcmConfigCommand'
        $failures[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
        Find-AcmConfig b | Should -BeNullOrEmpty
    }
}
