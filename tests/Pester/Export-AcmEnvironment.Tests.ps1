BeforeAll {
    . "$PSScriptRoot/common.ps1"
    Set-AcmConfig app.json '{ "db": { "host": "db-1", "password": "p-1-word" }, "debug": true }'
    Set-AcmConfig app.properties 'shop.name = Tea'
    Set-AcmConfig note.txt 'one line'

    # What the pipeline that these tests run in has set is put back.
    $script:names = 'GITHUB_ACTIONS', 'GITHUB_ENV', 'GITHUB_OUTPUT', 'TF_BUILD'
    $script:saved = @{}
    foreach ($name in $names) { $saved[$name] = [Environment]::GetEnvironmentVariable($name) }
}

AfterAll {
    foreach ($name in $names) { [Environment]::SetEnvironmentVariable($name, $saved[$name]) }
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'Export-AcmEnvironment' {
    BeforeEach {
        foreach ($name in $names) { [Environment]::SetEnvironmentVariable($name, $null) }
    }

    Context 'a .env file' {
        It 'is written with -Path, and nothing else is' {
            Export-AcmEnvironment -DataId app.json -Path TestDrive:/app.env | Should -BeNullOrEmpty

            Get-Content -Path TestDrive:/app.env | Should -Be 'DB_HOST=db-1', 'DB_PASSWORD=p-1-word', 'DEBUG=true'
        }

        It 'names variables: <what>' -ForEach @(
            @{ what = 'a prefix'; parameters = @{ DataId = 'app.json'; Prefix = 'SHOP_' }; found = 'SHOP_DB_HOST', 'SHOP_DB_PASSWORD', 'SHOP_DEBUG' }
            @{ what = 'a separator'; parameters = @{ DataId = 'app.json'; Separator = '__' }; found = 'DB__HOST', 'DB__PASSWORD', 'DEBUG' }
            @{ what = 'their case'; parameters = @{ DataId = 'app.json'; KeepCase = $true }; found = 'db_host', 'db_password', 'debug' }
            @{ what = 'the whole as one'; parameters = @{ DataId = 'app.json'; Name = 'ALL_OF_IT' }; found = 'ALL_OF_IT' }
            @{ what = 'another format'; parameters = @{ DataId = 'app.json'; Format = 'Text' }; found = 'APP_JSON' }
            @{ what = 'several'; parameters = @{ DataId = 'app.properties', 'note*' }; found = 'SHOP_NAME', 'NOTE_TXT' }
        ) {
            Export-AcmEnvironment @parameters -Path TestDrive:/names.env -PassThru | ForEach-Object { "$_" } | Should -BeExactly $found
        }

        It 'that another program has open is not changed, without temporary files' {
            $folder = (New-Item -ItemType Directory 'TestDrive:/held env').FullName
            $file = Join-Path $folder app.env
            [IO.File]::WriteAllText($file, 'OLD="1"')
            $held = Open-Exclusively $file
            try {
                Export-AcmEnvironment note.txt -Path $file -ErrorVariable failures -ErrorAction SilentlyContinue
            }
            finally {
                $held.Dispose()
            }

            if ($onWindows) {
                $failures | ForEach-Object FullyQualifiedErrorId | Should -Be 'AcmVariablesNotWritten,AcmPowerShell.ExportAcmEnvironmentCommand'
                [IO.File]::ReadAllText($file) | Should -Be 'OLD="1"'
            }
            [IO.Directory]::GetFileSystemEntries($folder) | Should -Be $file
        }

        It 'warns of empty lists and objects, which have no variable' {
            Set-AcmConfig empty.json '{ "a": 1, "hosts": [], "db": { "options": {} } }'

            Export-AcmEnvironment empty.json -Path TestDrive:/empty.env -WarningVariable warnings -WarningAction SilentlyContinue

            "$warnings" | Should -BeLike "*'hosts', 'db.options'*"
        }

        It 'names the key and the lines of a key that occurs twice' {
            Set-AcmConfig twice.properties "a=1`nb=2`na=3"

            { Export-AcmEnvironment twice.properties -Path TestDrive:/twice.env -ErrorAction Stop } | Should -Throw "*'a' occurs twice, in lines 1 and 3*"
        }

        It 'is not written with -WhatIf' {
            Export-AcmEnvironment app.json -Path TestDrive:/whatif.env -WhatIf

            'TestDrive:/whatif.env' | Should -Not -Exist
        }
    }

    Context 'this process' {
        It 'is where variables go outside a pipeline' {
            Find-AcmConfig app.properties | Export-AcmEnvironment -Prefix ACM_SUITE_

            [Environment]::GetEnvironmentVariable('ACM_SUITE_SHOP_NAME') | Should -Be 'Tea'
            [Environment]::SetEnvironmentVariable('ACM_SUITE_SHOP_NAME', $null)
        }

        It 'receives variables with IsSecret' {
            $variables = Export-AcmEnvironment app.json -Path TestDrive:/secret.env -PassThru

            $variables[0] | Should -BeOfType ([AcmPowerShell.AcmVariable])
            $variables | Where-Object IsSecret | ForEach-Object Name | Should -Be 'DB_PASSWORD'
            Export-AcmEnvironment app.json -Path TestDrive:/secret.env -SecretPattern *host* -PassThru | Where-Object IsSecret |
                ForEach-Object Name | Should -Be 'DB_HOST'
        }
    }

    Context 'a pipeline' {
        It 'of GitHub gets the file that it names' {
            $env:GITHUB_ACTIONS = 'true'
            $env:GITHUB_ENV = "$TestDrive/github_env"
            Set-Content -Path TestDrive:/github_env -Value '' -NoNewline

            Export-AcmEnvironment note.txt -AllowName NOTE_TXT

            Get-Content -Path TestDrive:/github_env -Raw | Should -Match 'NOTE_TXT<<\S+\r?\none line\r?\n'
        }

        It 'of GitHub gets outputs with -AsOutput' {
            $env:GITHUB_OUTPUT = "$TestDrive/github_output"
            Set-Content -Path TestDrive:/github_output -Value '' -NoNewline

            Export-AcmEnvironment note.txt -Scope GitHub -AsOutput -Name content

            Get-Content -Path TestDrive:/github_output -Raw | Should -Match 'content<<'
        }
    }

    Context 'an error' {
        It 'ends the command for <what>' -ForEach @(
            @{ what = '-Scope DotEnv without a file'; parameters = @{ DataId = 'note.txt'; Scope = 'DotEnv' } }
            @{ what = 'a file with another scope'; parameters = @{ DataId = 'note.txt'; Scope = 'Process'; Path = 'x.env' } }
            @{ what = 'outputs of a process'; parameters = @{ DataId = 'note.txt'; Scope = 'Process'; AsOutput = $true } }
        ) {
            { Export-AcmEnvironment @parameters } | Should -Throw -ErrorId 'AcmInvalidParameter,AcmPowerShell.ExportAcmEnvironmentCommand'
        }

        It 'is written for a name that is not allowed, and nothing is exported' {
            Set-AcmConfig bad.json '{ "PATH": "x" }'

            Export-AcmEnvironment note.txt, bad.json -Path TestDrive:/bad.env -ErrorVariable failures -ErrorAction SilentlyContinue -WarningAction SilentlyContinue

            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -Be 'AcmInvalidVariable,AcmPowerShell.ExportAcmEnvironmentCommand'
            $failures[0].CategoryInfo.Category | Should -Be 'InvalidData'
            "$($failures[0].TargetObject)" | Should -Be 'DEFAULT_GROUP/bad.json'
            'TestDrive:/bad.env' | Should -Not -Exist
        }

        It 'is written for a configuration that does not exist' {
            { Export-AcmEnvironment missing -Path TestDrive:/none.env -ErrorAction Stop -WarningAction SilentlyContinue } | Should -Throw -ErrorId 'AcmConfigNotFound,*'
        }
    }
}
