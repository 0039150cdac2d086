BeforeAll {
    . "$PSScriptRoot/common.ps1"
    $folder = Join-Path ([IO.Path]::GetTempPath()) ('acm-export-' + [Guid]::NewGuid().ToString('N'))
    $null = New-Item -ItemType Directory $folder
    Set-AcmConfig app.yaml "a: 1`r`n"
    Set-AcmConfig db.json "{ `"name`": `"$([char] 0x4E2D)`" }" -Group SHOP
    Set-AcmConfig app.txt 'x' -Group SHOP

    # The files of a folder as its layout has them, hidden ones as well: all but the record of types and tags that an export from Nacos has beside them.
    function Get-Layout($Path) {
        $root = [IO.Path]::GetFullPath($Path)
        [IO.Directory]::GetFiles($root, '*', 'AllDirectories') | ForEach-Object { $_.Substring($root.Length + 1).Replace('\', '/') } |
            Where-Object { -not $nacos -or $_ -ne '.acm-export.json' } | Sort-Object
    }
}

AfterAll {
    Disconnect-Acm
    Stop-AcmServer
    Remove-Item $folder -Recurse -Force
}

Describe 'Export-AcmConfig' {
    Context 'a file' {
        It 'is the target for a single data ID of the same name' {
            $target = Join-Path $folder one/app.yaml

            $summary = Export-AcmConfig $target -DataId app.yaml

            [IO.File]::ReadAllText($target) | Should -BeExactly "a: 1`r`n"
            $summary.Exported | Should -Be 1
            (Export-AcmConfig $target -DataId app.yaml -PassThru).State | Should -Be 'Unchanged'
        }

        It 'requires the group of a data ID that several groups have' {
            $target = Join-Path $folder two/app.yaml
            Set-AcmConfig SECOND/app.yaml 'b: 2'

            { Export-AcmConfig $target -DataId app.yaml -ErrorAction Stop } | Should -Throw -ErrorId 'AcmInvalidParameter,*'
            $null = Export-AcmConfig $target -DataId SECOND/app.yaml
            Remove-AcmConfig SECOND/app.yaml

            [IO.File]::ReadAllText($target) | Should -BeExactly 'b: 2'
        }
    }

    Context 'a folder' {
        It 'has the default group at the root and others in folders' {
            $target = Join-Path $folder layout

            $summary = Export-AcmConfig $target

            Get-Layout $target | Should -Be 'app.yaml', 'SHOP/app.txt', 'SHOP/db.json'
            $summary.PSTypeNames | Should -Contain 'Acm.Client.Transfer.ExportSummary'
            $summary.Path | Should -Be $target
            $summary.Exported | Should -Be 3
            $summary.Failed | Should -Be 0
            $summary.IsComplete | Should -BeTrue
        }

        It 'contains the text in UTF-8 with its original line endings' {
            $target = Join-Path $folder text

            $null = Export-AcmConfig -Path $target

            [IO.File]::ReadAllText((Join-Path $target app.yaml)) | Should -BeExactly "a: 1`r`n"
            [IO.File]::ReadAllBytes((Join-Path $target SHOP/db.json))[11] | Should -Be 0xE4
        }

        It 'is not changed if it contains the values already' {
            $target = Join-Path $folder again
            $null = Export-AcmConfig $target

            $summary = Export-AcmConfig $target

            $summary.Exported | Should -Be 0
            $summary.Unchanged | Should -Be 3
        }

        It 'loses files that the server does not have with -Delete -Force, but no hidden ones' {
            $target = Join-Path $folder mirror
            $null = New-Item -ItemType Directory (Join-Path $target '.git/hooks') -Force
            Set-Content (Join-Path $target '.git/hooks/pre-commit') 'x'
            Set-Content (Join-Path $target old) 'x'

            (Export-AcmConfig $target -Delete -Force).Deleted | Should -Be 1

            Get-Layout $target | Should -Be '.git/hooks/pre-commit', 'app.yaml', 'SHOP/app.txt', 'SHOP/db.json'
        }

        It 'with brackets in its name is selected by -LiteralPath' {
            $target = Join-Path $folder '[1]'

            (Export-AcmConfig -LiteralPath $target -DataId app.yaml).Exported | Should -Be 1

            Test-Path -LiteralPath (Join-Path $target app.yaml) | Should -BeTrue
        }
    }

    Context 'a zip' {
        It 'replaces the one that is there' {
            $zip = Join-Path $folder backup.zip
            Set-Content $zip 'no zip'

            (Export-AcmConfig $zip).Exported | Should -Be 3

            [IO.File]::ReadAllBytes($zip)[0..1] | Should -Be 0x50, 0x4B
            Test-Path (Join-Path $folder 'backup.zip/*') | Should -BeFalse
        }
    }

    Context 'a filter' {
        It '<what> exports <files>' -ForEach @(
            @{ what = '-Group'; parameters = @{ Group = 'SH*' }; files = 'SHOP/app.txt', 'SHOP/db.json' }
            @{ what = '-DataId'; parameters = @{ DataId = 'app.*' }; files = 'app.yaml', 'SHOP/app.txt' }
            @{ what = '-Prefix'; parameters = @{ Prefix = 'db' }; files = 'SHOP/db.json' }
            @{ what = '-DataId and -Group'; parameters = @{ DataId = 'app.*'; Group = 'SHOP' }; files = 'SHOP/app.txt' }
        ) {
            $target = Join-Path $folder ([Guid]::NewGuid().ToString('N'))

            $null = Export-AcmConfig $target @parameters

            Get-Layout $target | Should -Be $files
        }

        It 'is the piped input' {
            $target = Join-Path $folder piped

            Find-AcmConfig -Group SHOP | Export-AcmConfig $target -PassThru | ForEach-Object { "$($_.State) $_" } | Should -Be 'Exported SHOP/app.txt', 'Exported SHOP/db.json'
        }

        It 'with a missing name is an error, and the others are exported' {
            $target = Join-Path $folder missing

            $null = Export-AcmConfig $target app.yaml, none.yaml -ErrorVariable failures -ErrorAction SilentlyContinue

            $failures[0].FullyQualifiedErrorId | Should -Be 'AcmConfigNotFound,AcmPowerShell.ExportAcmConfigCommand'
            Get-Layout $target | Should -Be 'app.yaml'
        }
    }

    Context 'names that a file system does not support or does not distinguish' {
        It 'are exported to a <what>, and imported from it' -ForEach @(
            @{ what = 'folder'; target = 'awkward names' }
            @{ what = 'zip'; target = 'awkward names.zip' }
        ) {
            foreach ($name in $awkwardNames) { Set-AcmConfig $name "of $name" -Namespace awkward }
            Set-AcmConfig nul 'of a group' -Group con -Namespace awkward

            (Export-AcmConfig (Join-Path $folder $target) -Namespace awkward).Exported | Should -Be ($awkwardNames.Count + 1)
            $summary = Import-AcmConfig (Join-Path $folder $target) -Namespace "of-$what"

            $summary.Added | Should -Be ($awkwardNames.Count + 1)
            $awkwardNames | Get-AcmConfig -Namespace "of-$what" -Raw | Should -BeExactly ($awkwardNames | ForEach-Object { "of $_" })
            Get-AcmConfig nul con -Namespace "of-$what" -Raw | Should -BeExactly 'of a group'
        }
    }

    Context 'a target that another program holds' {
        It 'is not changed if it is a <what>, without temporary files, and is replaced once it is closed' -ForEach @(
            @{ what = 'zip'; target = 'held zip/backup.zip'; file = 'held zip/backup.zip' }
            @{ what = 'file of a folder'; target = 'held folder'; file = 'held folder/app.yaml' }
        ) {
            $target = Join-Path $folder $target
            $file = Join-Path $folder $file
            $null = Export-AcmConfig $target app.yaml -Group DEFAULT_GROUP
            $before = [IO.File]::ReadAllBytes($file)
            $files = Get-Layout ([IO.Path]::GetDirectoryName($file))
            Set-AcmConfig app.yaml 'a: 2'
            try {
                $held = Open-Exclusively $file
                try {
                    $null = Export-AcmConfig $target app.yaml -Group DEFAULT_GROUP -ErrorVariable failures -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
                }
                finally {
                    $held.Dispose()
                }

                $after = [IO.File]::ReadAllBytes($file)
                if ($onWindows) {
                    $failures | ForEach-Object FullyQualifiedErrorId | Should -Be 'AcmStorageFailed,AcmPowerShell.ExportAcmConfigCommand'
                    $failures[0].Exception.Message | Should -BeLike "*'$([IO.Path]::GetFullPath($file))'*"
                    $after | Should -Be $before
                }
                Get-Layout ([IO.Path]::GetDirectoryName($file)) | Should -Be $files
                $summary = Export-AcmConfig $target app.yaml -Group DEFAULT_GROUP
                $summary.IsComplete | Should -BeTrue
                $null = Import-AcmConfig $target -Namespace ('held-' + $what.Substring(0, 3).Trim())
                Get-AcmConfig app.yaml -Namespace ('held-' + $what.Substring(0, 3).Trim()) -Raw | Should -BeExactly 'a: 2'
            }
            finally {
                Set-AcmConfig app.yaml "a: 1`r`n"
            }
        }
    }

    Context 'a path' {
        It 'is taken as <what>' -ForEach @(
            @{ what = 'one with spaces'; path = { "$TestDrive/one with spaces" }; written = 'one with spaces' }
            @{ what = 'one of the provider'; path = { "Microsoft.PowerShell.Core\FileSystem::$TestDrive/provider" }; written = 'provider' }
            @{ what = 'one with two slashes'; path = { if ($onWindows) { "\\?\$TestDrive\slashes" } else { "/$TestDrive/slashes" } }; written = 'slashes' }
            @{ what = 'one of a drive of PowerShell'; path = { 'TestDrive:/drive' }; written = 'drive' }
            @{ what = 'relative to where a drive is'; path = { 'TestDrive:relative' }; written = 'here/relative' }
            @{ what = 'relative'; path = { '../aside' }; written = 'aside' }
        ) {
            $null = New-Item -ItemType Directory TestDrive:/here -Force
            Push-Location TestDrive:/here
            try {
                (Export-AcmConfig (& $path) db.json -Group SHOP).Exported | Should -Be 1
                (Import-AcmConfig (& $path) -Namespace paths -WhatIf).Pending | Should -Be 1
            }
            finally {
                Pop-Location
            }

            Get-Layout "$TestDrive/$written" | Should -Be 'SHOP/db.json'
        }
    }

    It 'changes nothing with -WhatIf' {
        Export-AcmConfig (Join-Path $folder whatif) -WhatIf | Should -BeNullOrEmpty

        Test-Path (Join-Path $folder whatif) | Should -BeFalse
    }

    It 'fills the failover folder with -ToFailover, which then overrides the server' {
        $other = Connect-Server -NoSnapshot -FailoverPath (Join-Path $folder failover)
        Connect-Server -NoSnapshot

        (Export-AcmConfig -ToFailover -Group SHOP -Session $other).Exported | Should -Be 2

        "$((Get-AcmConfig db.json SHOP -Session $other).Source)" | Should -Be 'Failover'
    }

    It 'writes a zip that the console of Nacos imports' {
        $zip = Join-Path $folder nacos.zip
        Export-AcmConfig $zip -Format Nacos
        { Export-AcmConfig (Join-Path $folder other) -Format Nacos } | Should -Throw '*layout of a zip*'

        (Import-AcmConfig $zip -Namespace imported -Confirm:$false -WarningAction SilentlyContinue).Failed | Should -Be 0
        @(Find-AcmConfig -Namespace imported).Count | Should -Be @(Find-AcmConfig).Count
    }

    It 'writes the older layout of the console with -Format NacosV1' {
        $zip = Join-Path $folder old.zip
        Set-AcmConfig named.yaml 'a: 1' -AppName shop

        Export-AcmConfig $zip -Format NacosV1 -WarningAction SilentlyContinue
        $note = Import-AcmConfig $zip -Namespace older -DataId named.yaml -Confirm:$false 3>&1 | Where-Object { $_ -is [System.Management.Automation.WarningRecord] }

        "$note" | Should -BeLike '*application names*'
        @(Find-AcmConfig named.yaml -Namespace older -AppName shop).Count | Should -Be 1
    }
}
