BeforeAll {
    . "$PSScriptRoot/common.ps1"
    $folder = Join-Path ([IO.Path]::GetTempPath()) ('acm-snapshots-' + [Guid]::NewGuid().ToString('N'))
    Connect-Server -SnapshotPath $folder
}

AfterAll {
    Disconnect-Acm
    Stop-AcmServer
    Remove-Item $folder -Recurse -Force
}

Describe 'Clear-AcmSnapshot' {
    BeforeEach {
        Set-AcmConfig app.yaml 'a: 1'
        Set-AcmConfig db.json '{}' -Group SHOP
        Set-AcmConfig other.txt 'x' -Namespace other
    }

    It 'of <what> leaves <left>' -ForEach @(
        @{ what = 'a name'; parameters = @{ DataId = 'app.yaml' }; left = 'DEFAULT_GROUP/other.txt', 'SHOP/db.json' }
        @{ what = 'a group'; parameters = @{ Group = 'SH*' }; left = 'DEFAULT_GROUP/app.yaml', 'DEFAULT_GROUP/other.txt' }
        @{ what = 'all of the namespace with -Force'; parameters = @{ Force = $true }; left = 'DEFAULT_GROUP/other.txt' }
        @{ what = 'all namespaces'; parameters = @{ Namespace = '*'; Force = $true }; left = $null }
        @{ what = 'what is not there'; parameters = @{ DataId = 'none*' }; left = 'DEFAULT_GROUP/app.yaml', 'DEFAULT_GROUP/other.txt', 'SHOP/db.json' }
        @{ what = 'all with -WhatIf'; parameters = @{ WhatIf = $true }; left = 'DEFAULT_GROUP/app.yaml', 'DEFAULT_GROUP/other.txt', 'SHOP/db.json' }
    ) {
        Clear-AcmSnapshot @parameters | Should -BeNullOrEmpty

        Get-AcmSnapshot -Namespace * | ForEach-Object { "$_" } | Sort-Object | Should -Be $left
    }

    It 'removes what is piped' {
        Get-AcmSnapshot -Path $folder | Clear-AcmSnapshot

        @(Get-AcmSnapshot -Path $folder).Count | Should -Be 0
    }

    It 'removes the selected snapshots from a folder' {
        Clear-AcmSnapshot app.yaml -LiteralPath $folder
        Clear-AcmSnapshot db.json -Path $folder

        @(Get-AcmSnapshot -Path $folder).Count | Should -Be 1
    }

    It 'does not change the servers' {
        Clear-AcmSnapshot app.yaml

        Get-AcmConfig app.yaml -Raw | Should -BeExactly 'a: 1'
    }
}
