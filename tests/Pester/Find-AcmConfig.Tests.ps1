BeforeAll {
    . "$PSScriptRoot/common.ps1"
}

AfterAll {
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'Find-AcmConfig' {
    BeforeAll {
        Set-AcmConfig app.yaml 'secret: 1'
        Set-AcmConfig app.json '{}' -Group PROD -AppName Shop
        Set-AcmConfig other.yaml 'x' -Group TEST
    }

    It 'lists every key of the namespace, without content' {
        $items = Find-AcmConfig | Sort-Object DataId

        $items | ForEach-Object { "$_" } | Should -Be 'PROD/app.json', 'DEFAULT_GROUP/app.yaml', 'TEST/other.yaml'
        $items[0].PSTypeNames | Should -Contain 'Acm.Client.ConfigItem'
        $items[0].AppName | Should -Be 'Shop'
        $items[0].PSObject.Properties.Name | Should -Not -Contain 'Content'
    }

    It 'finds <found> by <dataId> in <group>' -ForEach @(
        @{ dataId = 'app*'; group = '*'; found = 'app.json', 'app.yaml' }
        @{ dataId = '*.yaml', 'app.json'; group = '*'; found = 'app.json', 'app.yaml', 'other.yaml' }
        @{ dataId = '*'; group = 'T*', 'PROD'; found = 'app.json', 'other.yaml' }
        @{ dataId = 'APP*'; group = '*'; found = @() }
        @{ dataId = 'nothing'; group = '*'; found = @() }
    ) {
        Find-AcmConfig -DataId $dataId -Group $group | ForEach-Object DataId | Sort-Object | Should -Be $found
    }

    It 'selects by application name' {
        Find-AcmConfig -AppName Shop | ForEach-Object DataId | Should -Be 'app.json'
        Find-AcmConfig -AppName shop | Should -BeNullOrEmpty
    }

    It 'selects by type and tag on Nacos, and is an error on ACM' {
        $nacos = Connect-Acm -Server "$server" -Namespace tagged -NoSnapshot -NoDefault
        $acm = Connect-Acm "$server" -Direct -NoSnapshot -NoDefault
        Set-AcmConfig tagged.yaml 'a: 1' -Tag web -Session $nacos
        Set-AcmConfig other.json '{}' -Session $nacos

        Find-AcmConfig -Tag web -Session $nacos | ForEach-Object DataId | Should -Be 'tagged.yaml'
        Find-AcmConfig -Type json -Session $nacos | ForEach-Object DataId | Should -Be 'other.json'
        { Find-AcmConfig -Tag web -Session $acm -ErrorAction Stop } | Should -Throw -ErrorId 'AcmCapabilityMissing,AcmPowerShell.FindAcmConfigCommand'
    }

    It 'takes patterns from the pipeline' {
        'other*', '*.json' | Find-AcmConfig | ForEach-Object DataId | Sort-Object | Should -Be 'app.json', 'other.yaml'
    }

    It 'lists another namespace, by name or by another connection' {
        Set-AcmConfig found.yaml 'x' -Namespace found
        $found = Connect-Server -Namespace found -NoSnapshot
        $null = Connect-Server -NoSnapshot

        (Find-AcmConfig -Namespace found).DataId | Should -Be 'found.yaml'
        (Find-AcmConfig -Session $found).Namespace | Should -Be 'found'
        Find-AcmConfig found.yaml | Should -BeNullOrEmpty
    }

    It 'can be stopped early without an error' {
        Find-AcmConfig | Select-Object -First 1 | Should -HaveCount 1
    }

    It 'writes an error for an invalid pattern, and finds the others' {
        $found = Find-AcmConfig '[', 'other*' -ErrorVariable failures -ErrorAction SilentlyContinue

        $found.DataId | Should -Be 'other.yaml'
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -Be 'AcmInvalidKey,AcmPowerShell.FindAcmConfigCommand'
        $failures[0].TargetObject | Should -Be '['
    }

    It 'lists snapshots with a warning while no server is reachable' {
        $lost = Start-AcmServer -InMemory
        $down = Connect-Acm $lost.Endpoint -Direct -SnapshotPath (Join-Path "$TestDrive" snapshots) -TimeoutSec 5
        Set-AcmConfig app.yaml 'a: 1' -Session $down
        Stop-AcmServer $lost
        $null = Connect-Server -NoSnapshot

        $found = Find-AcmConfig -Session $down -WarningVariable warnings -WarningAction SilentlyContinue
        $config = Get-AcmConfig * -Session $down -WarningAction SilentlyContinue

        "$($found.Source) $found" | Should -Be 'Snapshot DEFAULT_GROUP/app.yaml'
        "$warnings" | Should -BeLike '*1 configuration, written *'
        "$($config.Source) $config" | Should -Be 'Snapshot a: 1'
        { Remove-AcmConfig * -Session $down -Force -ErrorAction Stop } | Should -Throw -ErrorId 'AcmServerUnavailable,*'
    }

    It 'writes an error if no server is reachable' {
        $dead = Connect-Acm 127.0.0.1:1 -Direct -NoSnapshot
        $null = Connect-Server -NoSnapshot

        { Find-AcmConfig -Session $dead -TimeoutSec 5 -ErrorAction Stop } | Should -Throw -ErrorId 'AcmServerUnavailable,*'
    }
}
