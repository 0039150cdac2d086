BeforeAll {
    . "$PSScriptRoot/common.ps1"

    $folder = Join-Path ([IO.Path]::GetTempPath()) ('acm-import-' + [guid]::NewGuid().ToString('N'))
    function Write-ConfigFile {
        param([string] $Name, [string] $Text)

        $path = Join-Path $folder $Name
        $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($path))
        [IO.File]::WriteAllText($path, $Text)
    }

    function Get-Everything {
        Find-AcmConfig | Get-AcmConfig | ForEach-Object { "$($_.Key)=$($_.Content)" } | Sort-Object
    }
}

AfterAll {
    if ([IO.Directory]::Exists($folder)) { [IO.Directory]::Delete($folder, $true) }
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'Import-AcmConfig' {
    BeforeEach {
        if ([IO.Directory]::Exists($folder)) { [IO.Directory]::Delete($folder, $true) }
        Remove-AcmConfig * -Group * -Force
        Write-ConfigFile 'app.yaml' "a: 1`r`n"
        Write-ConfigFile 'SHOP/db.json' '{}'
        Write-ConfigFile 'SHOP/app.json' '[]'
    }

    It 'publishes the files of a folder' {
        $summary = Import-AcmConfig -Path $folder

        $summary.Added | Should -Be 3
        $summary.IsComplete | Should -BeTrue
        Get-Everything | Should -Be "DEFAULT_GROUP/app.yaml=a: 1`r`n", 'SHOP/app.json=[]', 'SHOP/db.json={}'
    }

    It 'takes a path and an item from the pipeline' {
        ($folder | Import-AcmConfig).Added | Should -Be 3
        (Get-Item -LiteralPath $folder | Import-AcmConfig).Unchanged | Should -Be 3
    }

    It 'publishes the files of a flat folder in the group that is named' {
        Write-ConfigFile 'flat/app.yaml' 'a: 2'

        $null = Import-AcmConfig (Join-Path $folder flat) -Group SHOP

        Get-Everything | Should -Be 'SHOP/app.yaml=a: 2'
        Compare-AcmConfig (Join-Path $folder flat) -Group SHOP -Quiet | Should -BeTrue
    }

    It 'takes the encoding of the files' {
        [IO.File]::WriteAllBytes((Join-Path $folder 'SHOP/db.json'), [byte[]] (0x22, 0xD6, 0xD0, 0x22))

        $null = Import-AcmConfig $folder db.json -Encoding gbk

        Get-Everything | Should -Be "SHOP/db.json=`"$([char] 0x4E2D)`""
        Compare-AcmConfig $folder -DataId db.json -Encoding gbk -Quiet | Should -BeTrue
    }

    It 'says that an image is not text' {
        [IO.File]::WriteAllBytes((Join-Path $folder 'logo.png'), [byte[]] (0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D))

        Import-AcmConfig $folder -ErrorVariable failures -ErrorAction SilentlyContinue -WarningAction SilentlyContinue

        $failures[0] | Should -BeLike "*logo.png*is not a text file."
    }

    It 'publishes only what differs' {
        $null = Import-AcmConfig -LiteralPath $folder
        Write-ConfigFile 'SHOP/db.json' '{ "a": 1 }'

        $summary = Import-AcmConfig -LiteralPath $folder

        $summary.Added | Should -Be 0
        $summary.Changed | Should -Be 1
        $summary.Unchanged | Should -Be 2
    }

    It 'takes back what Export-AcmConfig wrote to a zip' {
        $null = Import-AcmConfig $folder
        $before = Get-Everything
        $null = Export-AcmConfig "$folder/.all.zip"
        Remove-AcmConfig * -Group * -Force

        $null = Import-AcmConfig "$folder/.all.zip"

        Get-Everything | Should -Be $before
    }

    It 'with <what> publishes <there>' -ForEach @(
        @{ what = 'a data id'; parameters = @{ DataId = 'app.*' }; there = "DEFAULT_GROUP/app.yaml=a: 1`r`n", 'SHOP/app.json=[]' }
        @{ what = 'a group'; parameters = @{ Group = 'SHOP' }; there = 'SHOP/app.json=[]', 'SHOP/db.json={}' }
        @{ what = 'a prefix'; parameters = @{ Prefix = 'db' }; there = 'SHOP/db.json={}' }
        @{ what = 'one request at a time'; parameters = @{ DataId = 'db.json'; ThrottleLimit = 1 }; there = 'SHOP/db.json={}' }
    ) {
        $null = Import-AcmConfig $folder @parameters

        Get-Everything | Should -Be $there
    }

    It 'removes with -Delete -Force what the folder does not have' {
        Set-AcmConfig gone 'x'

        $summary = Import-AcmConfig $folder -Delete -Force

        $summary.Removed | Should -Be 1
        Find-AcmConfig gone | Should -BeNullOrEmpty
    }

    It 'does not empty a namespace for an empty folder' {
        Set-AcmConfig kept 'x'
        $empty = Join-Path $folder 'empty'
        $null = [IO.Directory]::CreateDirectory($empty)

        Import-AcmConfig $empty -Delete -ErrorVariable failures -ErrorAction SilentlyContinue | Should -Not -BeNullOrEmpty

        $failures[0].FullyQualifiedErrorId | Should -Be 'AcmInvalidParameter,AcmPowerShell.ImportAcmConfigCommand'
        Get-AcmConfig kept -Raw | Should -Be 'x'
    }

    It 'changes nothing with -WhatIf' {
        $summary = Import-AcmConfig $folder -WhatIf

        $summary.Pending | Should -Be 3
        Find-AcmConfig | Should -BeNullOrEmpty
    }

    It 'writes an object for each configuration with -PassThru' {
        $items = Import-AcmConfig $folder -PassThru

        $items | ForEach-Object { "$_ $($_.State) $($_.Outcome)" } | Should -Be 'DEFAULT_GROUP/app.yaml Added Done', 'SHOP/app.json Added Done', 'SHOP/db.json Added Done'
    }

    It 'publishes nothing where a file can not be published' {
        Write-ConfigFile 'SHOP/no key.txt' 'x'

        Import-AcmConfig $folder -ErrorVariable failures -ErrorAction SilentlyContinue -WarningAction SilentlyContinue | Should -BeNullOrEmpty

        $failures[0].FullyQualifiedErrorId | Should -Be 'AcmInvalidKey,AcmPowerShell.ImportAcmConfigCommand'
        Find-AcmConfig | Should -BeNullOrEmpty
    }
}
