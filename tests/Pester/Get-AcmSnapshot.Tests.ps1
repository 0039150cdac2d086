BeforeAll {
    . "$PSScriptRoot/common.ps1"
    $folder = Join-Path ([IO.Path]::GetTempPath()) ('acm-snapshots-' + [Guid]::NewGuid().ToString('N'))
    Connect-Server -SnapshotPath $folder
    Set-AcmConfig app.yaml 'a: 1'
    Set-AcmConfig db.json '{}' -Group SHOP
    Set-AcmConfig gone.txt 'x'
    Set-AcmConfig other.txt 'x' -Namespace other
    Remove-AcmConfig gone.txt
}

AfterAll {
    Disconnect-Acm
    Stop-AcmServer
    Remove-Item $folder -Recurse -Force
}

Describe 'Get-AcmSnapshot' {
    It 'lists the snapshots of the session with their state' {
        Get-AcmSnapshot | ForEach-Object { "$($_.State) $_" } | Sort-Object | Should -Be 'Absent DEFAULT_GROUP/gone.txt', 'Found DEFAULT_GROUP/app.yaml', 'Found SHOP/db.json'
    }

    It 'tells size, age and content' {
        $snapshot = Get-AcmSnapshot app.yaml

        $snapshot.Size | Should -Be 4
        $snapshot.Age.TotalMinutes | Should -BeLessThan 5
        $snapshot.Content | Should -BeExactly 'a: 1'
        Get-AcmSnapshot app.yaml -Raw | Should -BeExactly 'a: 1'
    }

    It 'of <what> lists <found>' -ForEach @(
        @{ what = 'a wildcard'; parameters = @{ DataId = '*.json' }; found = 'SHOP/db.json' }
        @{ what = 'a group'; parameters = @{ Group = 'SHOP' }; found = 'SHOP/db.json' }
        @{ what = 'another namespace'; parameters = @{ Namespace = 'other' }; found = 'DEFAULT_GROUP/other.txt' }
        @{ what = 'nothing'; parameters = @{ DataId = 'none*' }; found = $null }
    ) {
        Get-AcmSnapshot @parameters | ForEach-Object { "$_" } | Should -Be $found
    }

    It 'needs no connection for a folder' {
        @(Get-AcmSnapshot -Path $folder).Count | Should -Be 4
        @(Get-AcmSnapshot -LiteralPath $folder).Count | Should -Be 4
    }

    It 'keeps names that a file system does not take or does not tell apart, for when no server answers' {
        $own = Join-Path $folder 'folder of its own'
        $names = Connect-Server -Namespace names -SnapshotPath $own
        $down = Connect-Acm 127.0.0.1:1 -Namespace names -Direct -SnapshotPath $own -TimeoutSec 5
        Connect-Server -SnapshotPath $folder
        foreach ($name in $awkwardNames) { Set-AcmConfig $name "of $name" -Session $names }
        Set-AcmConfig nul 'of a group' -Group con -Session $names

        $awkwardNames | ForEach-Object { Get-AcmSnapshot $_ -Session $names -Raw } | Should -BeExactly ($awkwardNames | ForEach-Object { "of $_" })
        @(Get-AcmSnapshot -Session $names).Count | Should -Be ($awkwardNames.Count + 1)
        Get-AcmConfig CON -Session $down -Raw -WarningAction SilentlyContinue | Should -BeExactly 'of CON'
        Get-AcmConfig nul con -Session $down -Raw -WarningAction SilentlyContinue | Should -BeExactly 'of a group'
    }

    It 'names a damaged one and says why' {
        $file = (Get-AcmSnapshot app.yaml).Path
        Set-Content $file 'torn'

        $snapshot = Get-AcmSnapshot app.yaml

        "$($snapshot.State)" | Should -Be 'Damaged'
        $snapshot.Problem | Should -BeLike '*MD5*'
    }

    It 'takes a failover file that was written by hand for what it is' {
        $failover = Join-Path "$TestDrive" 'by-hand'
        $null = New-Item -ItemType Directory (Join-Path $failover '_blank/_default') -Force
        [IO.File]::WriteAllText((Join-Path $failover '_blank/_default/hand.yaml'), 'by: hand')

        (Get-AcmSnapshot hand.yaml -Path $failover).State | Should -Be 'Damaged'
        $holder = Connect-Server -NoSnapshot -FailoverPath $failover -NoDefault
        $found = Get-AcmSnapshot hand.yaml -Path $failover

        "$($found.State) $($found.Content)" | Should -Be 'Found by: hand'
    }
}
