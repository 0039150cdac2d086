BeforeAll {
    . "$PSScriptRoot/common.ps1"
}

AfterAll {
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'Get-AcmConfig' {
    BeforeAll {
        Set-AcmConfig app.yaml 'a: 1'
        Set-AcmConfig app.json '{}'
        Set-AcmConfig db.yaml 'host: db1' -Group PROD
        Set-AcmConfig db.yaml 'host: db2' -Group TEST
    }

    Context 'a name' {
        It 'returns the configuration with its content and source' {
            $config = Get-AcmConfig -DataId app.yaml

            $config.PSTypeNames | Should -Contain 'Acm.Client.AcmConfig'
            $config.DataId | Should -BeExactly 'app.yaml'
            $config.Group | Should -BeExactly 'DEFAULT_GROUP'
            $config.Namespace | Should -Be ''
            $config.Content | Should -BeExactly 'a: 1'
            $config.Md5 | Should -Be '270f9e65a80226eccd82c99cdd0dd2fb'
            $config.Size | Should -Be 4
            "$($config.Source)" | Should -Be 'Server'
        }

        It 'is read from the specified group' {
            (Get-AcmConfig -DataId db.yaml -Group TEST).Content | Should -Be 'host: db2'
        }

        It 'is read from the specified namespace' {
            Set-AcmConfig app.yaml 'other' -Namespace other

            Get-AcmConfig app.yaml -Namespace other -Raw | Should -Be 'other'
            Get-AcmConfig app.yaml -Raw | Should -Be 'a: 1'
        }

        It 'is case-sensitive' {
            { Get-AcmConfig -DataId App.yaml -ErrorAction Stop } | Should -Throw -ErrorId 'AcmConfigNotFound,*'
        }

        It 'returns only the text with -Raw' {
            Set-AcmConfig lines.txt "one`r`ntwo`n"

            $text = Get-AcmConfig -DataId lines.txt -Raw

            $text | Should -BeOfType [string]
            $text | Should -BeExactly "one`r`ntwo`n"
        }
    }

    Context 'its text' {
        It 'is the content, for Set-Content, ConvertFrom-Json, Select-String and in a string' {
            Set-AcmConfig text.json '{ "db": "jdbc:x" }'

            Get-AcmConfig text.json | Set-Content TestDrive:/text.json
            (Get-Content TestDrive:/text.json -Raw).TrimEnd() | Should -BeExactly '{ "db": "jdbc:x" }'
            (Get-AcmConfig text.json | ConvertFrom-Json).db | Should -Be 'jdbc:x'
            Get-AcmConfig text.json | Select-String jdbc | Should -HaveCount 1
            "$(Get-AcmConfig text.json)" | Should -BeExactly '{ "db": "jdbc:x" }'
            "$((Get-AcmConfig text.json).Key)" | Should -BeExactly 'DEFAULT_GROUP/text.json'
        }

        It 'goes to a file byte for byte with -OutFile' {
            $file = Join-Path "$TestDrive" out.json
            Set-AcmConfig bytes.json "{`r`n}"

            Get-AcmConfig bytes.json -OutFile $file | Should -BeNullOrEmpty

            [IO.File]::ReadAllBytes($file) | Should -Be 0x7B, 0x0D, 0x0A, 0x7D
            { Get-AcmConfig app.* -OutFile $file } | Should -Throw -ErrorId 'AcmInvalidParameter,*'
        }
    }

    Context 'no name' {
        It 'lists the keys, as Find-AcmConfig does' {
            Get-AcmConfig -Group PROD | ForEach-Object { $_.PSTypeNames[0]; "$_" } | Should -Be 'Acm.Client.ConfigItem', 'PROD/db.yaml'
            @(Get-AcmConfig).Count | Should -Be @(Find-AcmConfig).Count
            { Get-AcmConfig -Raw -ErrorAction Stop } | Should -Throw -ErrorId 'AcmInvalidParameter,*'
        }

        It 'of a piped object is an error' {
            { [pscustomobject]@{ Group = 'PROD' } | Get-AcmConfig -ErrorAction Stop } | Should -Throw -ErrorId 'AcmInvalidParameter,*'
        }
    }

    Context 'a group' {
        It 'can precede the data ID, as it is displayed' {
            Get-AcmConfig PROD/db.yaml, TEST/db.yaml -Raw | Should -Be 'host: db1', 'host: db2'
            'PROD/db.yaml' | Get-AcmConfig -Raw | Should -Be 'host: db1'
            Get-AcmConfig PROD/db.yaml -Group PROD -Raw | Should -Be 'host: db1'
        }

        It 'before a data ID that differs from -Group, or before a wildcard, is not valid' -ForEach @(
            @{ parameters = @{ DataId = 'PROD/db.yaml'; Group = 'TEST' } }
            @{ parameters = @{ DataId = 'PROD/*' } }
            @{ parameters = @{ DataId = 'a/b/c' } }
        ) {
            { Get-AcmConfig @parameters -ErrorAction Stop } | Should -Throw -ErrorId 'AcmInvalidKey,*'
        }

        It 'is suggested if the name exists only in another one' {
            $failure = { Get-AcmConfig db.yaml -ErrorAction Stop } | Should -Throw -ErrorId 'AcmConfigNotFound,*' -PassThru

            $failure.Exception.Message | Should -BeLike "*the groups 'PROD', 'TEST'*"
            $failure.ErrorDetails.RecommendedAction | Should -BeLike '*Get-AcmConfig PROD/db.yaml*'
        }
    }

    Context 'a failover file' {
        It 'writes a warning with -Raw, once, and is ignored with -NoFailover' {
            $failover = Join-Path "$TestDrive" failover
            $local = Connect-Server -NoSnapshot -FailoverPath $failover -NoDefault
            $null = Export-AcmConfig -ToFailover -DataId app.yaml, app.json -Group DEFAULT_GROUP -Session $local
            Set-AcmConfig app.yaml 'a: 2'

            Get-AcmConfig app.yaml, app.json -Raw -Session $local -WarningVariable warnings -WarningAction SilentlyContinue | Should -Be 'a: 1', '{}'
            $warnings | Should -HaveCount 1
            "$warnings" | Should -BeLike '*failover file*-NoFailover*'
            Get-AcmConfig app.yaml -Raw -NoFailover -Session $local -WarningVariable none | Should -Be 'a: 2'
            $none | Should -HaveCount 0
            Set-AcmConfig app.yaml 'a: 1'
        }
    }

    Context 'an encrypted one' {
        It 'is returned as cipher text with a warning if no KMS is configured' {
            Set-AcmConfig cipher-db.yaml 'the cipher text' -Group SECRET -AllowPlaintext

            $config = Get-AcmConfig cipher-db.yaml SECRET -WarningVariable warnings -WarningAction SilentlyContinue

            $config.Content | Should -Be 'the cipher text'
            $warnings | Should -HaveCount 1
            Get-AcmConfig cipher-db.yaml SECRET -NoDecrypt -Raw -WarningVariable none | Should -Be 'the cipher text'
            $none | Should -HaveCount 0
        }
    }

    Context 'a wildcard' {
        It '<pattern> in group <group> finds <found>' -ForEach @(
            @{ pattern = '*.yaml'; group = 'DEFAULT_GROUP'; found = 'app.yaml' }
            @{ pattern = 'db.*'; group = $null; found = 'db.yaml', 'db.yaml' }
            @{ pattern = 'app.*'; group = '*'; found = 'app.json', 'app.yaml' }
            @{ pattern = 'db.yaml'; group = 'PROD', 'TEST'; found = 'db.yaml', 'db.yaml' }
            @{ pattern = 'db.yaml'; group = 'T*'; found = 'db.yaml' }
            @{ pattern = 'nothing*'; group = '*'; found = $null }
        ) {
            $groups = if ($group) { @{ Group = $group } } else { @{} }
            Get-AcmConfig -DataId $pattern @groups | Sort-Object DataId | ForEach-Object DataId | Should -Be $found
        }
    }

    Context 'the pipeline' {
        It 'takes data ids' {
            'app.json', 'app.yaml' | Get-AcmConfig -Raw | Should -Be '{}', 'a: 1'
        }

        It 'accepts the output of Find-AcmConfig, with its group' {
            Find-AcmConfig -DataId db.yaml -Group PROD | Get-AcmConfig -Raw | Should -Be 'host: db1'
        }

        It 'keeps the order of the input with concurrent requests' {
            $names = 1..20 | ForEach-Object { "n$_" }
            $names | ForEach-Object { [pscustomobject]@{ DataId = $_; Content = "value of $_" } } | Set-AcmConfig

            $names | Get-AcmConfig -ThrottleLimit 4 | ForEach-Object DataId | Should -Be $names
        }

        It 'can be stopped by Select-Object -First without an error' {
            $errorsBefore = $Error.Count

            'app.json', 'app.yaml' | Get-AcmConfig | Select-Object -First 1 | ForEach-Object DataId | Should -Be 'app.json'

            $Error.Count | Should -Be $errorsBefore
        }
    }

    Context 'a file that another program holds' {
        It 'does not prevent reading from the server, and is written once it is closed' {
            $kept = Connect-Server -SnapshotPath "$TestDrive/held snapshots"
            Connect-Server -NoSnapshot
            Set-AcmConfig held.yaml 'old' -Session $kept
            $held = Open-Exclusively (Get-AcmSnapshot held.yaml -Session $kept).Path
            try {
                Set-AcmConfig held.yaml 'new'
                Get-AcmConfig held.yaml -Session $kept -Raw -WarningVariable warnings -WarningAction SilentlyContinue | Should -Be 'new'
            }
            finally {
                $held.Dispose()
            }

            $warnings.Count | Should -Be ([int] $onWindows)
            Get-AcmConfig held.yaml -Session $kept -Raw | Should -Be 'new'
            Get-AcmSnapshot held.yaml -Session $kept -Raw | Should -Be 'new'
            Get-ChildItem "$TestDrive/held snapshots" -Recurse -Force -Filter *.tmp | Should -BeNullOrEmpty
        }

        It 'is an error if it is a failover file, which is not ignored' {
            $failover = Connect-Server -NoSnapshot -FailoverPath "$TestDrive/held failover"
            Connect-Server -NoSnapshot
            $null = Export-AcmConfig -ToFailover app.yaml -Session $failover
            $file = (Get-ChildItem "$TestDrive/held failover" -Recurse -File | Where-Object Name -EQ 'app.yaml').FullName
            $held = Open-Exclusively $file
            try {
                $failure = { Get-AcmConfig app.yaml -Session $failover -ErrorAction Stop } | Should -Throw -ErrorId 'AcmStorageFailed,*' -PassThru
                $failure.Exception.Message | Should -BeLike "*'$file'*"
            }
            finally {
                $held.Dispose()
            }

            "$((Get-AcmConfig app.yaml -Session $failover).Source)" | Should -Be 'Failover'
        }
    }

    Context 'an error' {
        It 'is written for a missing name, and the others are read' {
            $values = Get-AcmConfig app.yaml, missing.yaml, app.json -Raw -ErrorVariable failures -ErrorAction SilentlyContinue

            $values | Should -Be 'a: 1', '{}'
            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -Be 'AcmConfigNotFound,AcmPowerShell.GetAcmConfigCommand'
            $failures[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
            "$($failures[0].TargetObject)" | Should -Be 'DEFAULT_GROUP/missing.yaml'
            $failures[0].ErrorDetails.RecommendedAction | Should -BeLike '*Find-AcmConfig*'
        }

        It 'is written for an invalid name' {
            { Get-AcmConfig 'a b' -ErrorAction Stop } | Should -Throw -ErrorId 'AcmInvalidKey,*'
        }

        It 'distinguishes an unreachable server from a missing configuration' {
            $dead = Connect-Acm 127.0.0.1:1 -Direct -NoSnapshot
            Connect-Server -NoSnapshot

            { Get-AcmConfig app.yaml -Session $dead -NoSnapshot -TimeoutSec 5 -ErrorAction Stop } | Should -Throw -ErrorId 'AcmServerUnavailable,*'
        }

        It 'ends the command without a connection' {
            $ended = Connect-Server -NoSnapshot
            Disconnect-Acm $ended
            Connect-Server -NoSnapshot

            { Get-AcmConfig app.yaml -Session $ended } | Should -Throw -ErrorId 'AcmNotConnected,*'
        }
    }
}

Describe 'The output of Get-AcmConfig' {
    BeforeAll {
        Set-AcmConfig app.yaml 'a: 1'
        $config = Get-AcmConfig app.yaml
    }

    It 'has its bytes as an array' {
        $config.RawBytes.GetType() | Should -Be ([byte[]])
        [Text.Encoding]::ASCII.GetString($config.RawBytes) | Should -Be 'a: 1'
        $config.RawContent | Should -Be 'a: 1'
    }

    It 'is written as JSON and CSV with the content once' {
        foreach ($text in ($config | ConvertTo-Json), (($config | ConvertTo-Csv) -join "`n")) {
            [regex]::Matches($text, 'a: 1').Count | Should -Be 1
            $text | Should -Not -Match 'ReadOnlyMemory'
        }
    }

    It 'keeps its source and the time of its change in Clixml' {
        $copy = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($config))

        $copy.Source | Should -Be 'Server'
        $copy.Modified | Should -Be $config.Modified
        $copy | Format-Table | Out-String | Should -Match 'Server +just now'
    }

    It 'has a property for each title' {
        Get-AcmSession | Where-Object Connected | Should -HaveCount 1
        ($config | Select-Object Modified).Modified | Should -BeOfType datetime
    }

    It 'offers its properties to Tab' {
        $line = 'Find-AcmConfig | Sort-Object '
        (TabExpansion2 $line -cursorColumn $line.Length).CompletionMatches.CompletionText | Should -Contain 'AppName'
    }

    It 'reads a version of the history' {
        Set-AcmConfig past.yaml 'a: 1'
        Set-AcmConfig past.yaml 'a: 2'

        Get-AcmConfigHistory past.yaml | Select-Object -Last 1 | Get-AcmConfig -Raw | Should -Be 'a: 1'
        (Get-AcmConfig past.yaml -Version (Get-AcmConfigHistory past.yaml)[0].Version).Content | Should -Be 'a: 2'
    }
}
