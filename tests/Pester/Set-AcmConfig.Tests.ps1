BeforeAll {
    . "$PSScriptRoot/common.ps1"
}

AfterAll {
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'Set-AcmConfig' {
    Context 'a literal' {
        It 'is published as typed' {
            Set-AcmConfig literal.txt 1.10
            Get-AcmConfig literal.txt -Raw | Should -BeExactly '1.10'
            Set-AcmConfig literal.txt 007
            Get-AcmConfig literal.txt -Raw | Should -BeExactly '007'
            Set-AcmConfig literal.txt -Content 0x10
            Get-AcmConfig literal.txt -Raw | Should -BeExactly '0x10'
            Set-AcmConfig literal.txt true
            Get-AcmConfig literal.txt -Raw | Should -BeExactly 'true'
            Set-AcmConfig 1.10 3
            Get-AcmConfig 1.10 -Raw | Should -BeExactly '3'
        }

        It 'out of a variable is written the same way everywhere' {
            $culture = [Threading.Thread]::CurrentThread.CurrentCulture
            try {
                [Threading.Thread]::CurrentThread.CurrentCulture = 'de-DE'
                $number = 1.5
                Set-AcmConfig number.txt $number
                $flag = $true
                Set-AcmConfig flag.txt $flag
                3, $false | Set-AcmConfig lines.txt
                [pscustomobject]@{ DataId = 'object.txt'; Content = 2.5 } | Set-AcmConfig
            } finally {
                [Threading.Thread]::CurrentThread.CurrentCulture = $culture
            }

            Get-AcmConfig number.txt, flag.txt, lines.txt, object.txt -Raw | Should -BeExactly '1.5', 'true', "3`nfalse", '2.5'
        }

        It 'that is the name of a file is published with a warning that names -Path' {
            Set-Content TestDrive:/app.json '{}'
            Set-AcmConfig path.json TestDrive:/app.json -WarningVariable warnings -WarningAction SilentlyContinue

            $warnings | Should -HaveCount 1
            "$warnings" | Should -BeLike '*-Path*'
            Set-AcmConfig path.json TestDrive:/missing.json -WarningVariable none
            $none | Should -HaveCount 0
        }

        It 'is published to the group that precedes the data ID' {
            Set-AcmConfig PAIR/app.json '{}'

            Find-AcmConfig -Group PAIR | ForEach-Object { "$_" } | Should -Be 'PAIR/app.json'
        }
    }

    AfterEach {
        Remove-AcmConfig -DataId * -Group * -Force
    }

    Context 'with -Content' {
        It 'publishes and writes nothing' {
            Set-AcmConfig -DataId app.yaml -Content 'a: 1' | Should -BeNullOrEmpty

            Get-AcmConfig app.yaml -Raw | Should -BeExactly 'a: 1'
        }

        It 'replaces existing content' {
            Set-AcmConfig app.yaml 'a: 1'
            Set-AcmConfig app.yaml 'a: 2'

            Get-AcmConfig app.yaml -Raw | Should -Be 'a: 2'
        }

        It 'takes the group, the application and the namespace' {
            Set-AcmConfig app.yaml 'a: 1' -Group PROD -AppName Shop -Namespace blue

            Get-AcmConfig app.yaml PROD -Namespace blue -Raw | Should -Be 'a: 1'
            (Find-AcmConfig app.yaml -Namespace blue).AppName | Should -Be 'Shop'
            Find-AcmConfig app.yaml | Should -BeNullOrEmpty
            Remove-AcmConfig app.yaml PROD -Namespace blue
        }

        It 'returns the published configuration with -PassThru' {
            $config = Set-AcmConfig -DataId app.yaml -Content 'a: 1' -PassThru

            $config.PSTypeNames | Should -Contain 'Acm.Client.AcmConfig'
            $config.Content | Should -Be 'a: 1'
            $config.Md5 | Should -Be (Get-AcmConfig app.yaml).Md5
        }

        It 'joins lines from the pipeline with a line feed' {
            'one', 'two' | Set-AcmConfig -DataId lines.txt
            'one', 'two' | Set-AcmConfig -DataId joined.txt -NoNewline

            Get-AcmConfig lines.txt -Raw | Should -BeExactly "one`ntwo"
            Get-AcmConfig joined.txt -Raw | Should -BeExactly 'onetwo'
        }

        It 'accepts objects with a data ID, a group and content' {
            [pscustomobject]@{ DataId = 'a'; Group = 'G'; Content = '1' }, [pscustomobject]@{ DataId = 'b'; Group = 'G'; Content = '2' } |
                Set-AcmConfig -ThrottleLimit 2

            Get-AcmConfig a, b -Group G -Raw | Should -Be '1', '2'
        }

        It 'accepts the output of Get-AcmConfig, except its namespace' {
            Set-AcmConfig app.yaml 'a: 1' -Namespace blue

            Get-AcmConfig app.yaml -Namespace blue | Set-AcmConfig -Namespace green

            Get-AcmConfig app.yaml -Namespace green -Raw | Should -Be 'a: 1'
            { Get-AcmConfig app.yaml -ErrorAction Stop } | Should -Throw -ErrorId 'AcmConfigNotFound,*'
        }

        It 'keeps every character that GBK has' {
            $text = [string]::new([char[]] (0x4E2D, 0x6587, 0x0A, 0x20, 0x41))

            Set-AcmConfig text.txt $text

            Get-AcmConfig text.txt -Raw | Should -BeExactly $text
        }
    }

    Context 'with files' {
        BeforeAll {
            $null = New-Item -Path TestDrive:/files -ItemType Directory
            Set-Content -Path TestDrive:/files/one.yaml -Value 'one: 1' -NoNewline
            Set-Content -Path TestDrive:/files/two.yaml -Value 'two: 2' -NoNewline
            Set-Content -LiteralPath "$TestDrive/files/three[1].json" -Value '{}' -NoNewline
        }

        It '-Path publishes each file that matches under its name' {
            Set-AcmConfig -Path TestDrive:/files/*.yaml -Group FILES

            Find-AcmConfig -Group FILES | Sort-Object DataId | ForEach-Object DataId | Should -Be 'one.yaml', 'two.yaml'
            Get-AcmConfig two.yaml FILES -Raw | Should -Be 'two: 2'
        }

        It '-Path publishes one file under another name' {
            Set-AcmConfig -DataId app.yaml -Path TestDrive:/files/one.yaml

            Get-AcmConfig app.yaml -Raw | Should -Be 'one: 1'
        }

        It '-LiteralPath does not expand brackets' {
            Set-AcmConfig -DataId three.json -LiteralPath "$TestDrive/files/three[1].json"

            Get-AcmConfig three.json -Raw | Should -Be '{}'
        }

        It '-Path accepts the prefix of long Windows paths' {
            Set-AcmConfig -DataId app.yaml -Path $(if ($onWindows) { "\\?\$TestDrive\files\one.yaml" } else { "/$TestDrive/files/one.yaml" })

            Get-AcmConfig app.yaml -Raw | Should -Be 'one: 1'
        }

        It 'Get-ChildItem pipes files, in the encoding that is given' {
            [IO.File]::WriteAllBytes("$TestDrive/latin.txt", [byte[]] (0x63, 0x61, 0x66, 0xE9))

            Get-ChildItem -Path TestDrive:/latin.txt | Set-AcmConfig -Encoding latin1

            Get-AcmConfig latin.txt -Raw | Should -BeExactly "caf$([char] 0xE9)"
        }

        It 'two files for one data ID are rejected' {
            { Set-AcmConfig -DataId app.yaml -Path TestDrive:/files/*.yaml } | Should -Throw -ErrorId 'AcmInvalidParameter,*'
        }
    }

    Context 'on a condition' {
        BeforeEach {
            Set-AcmConfig app.yaml 'a: 1'
        }

        It '-IfMatch replaces an unchanged value' {
            Set-AcmConfig app.yaml 'a: 2' -IfMatch (Get-AcmConfig app.yaml).Md5

            Get-AcmConfig app.yaml -Raw | Should -Be 'a: 2'
        }

        It '-IfMatch does not replace a changed value' {
            $old = Get-AcmConfig app.yaml
            Set-AcmConfig app.yaml 'a: theirs'

            $failure = { Set-AcmConfig app.yaml 'a: mine' -IfMatch $old.Md5 -ErrorAction Stop } | Should -Throw -ErrorId 'AcmConflict,*' -PassThru

            $failure.CategoryInfo.Category | Should -Be 'ResourceBusy'
            Get-AcmConfig app.yaml -Raw | Should -Be 'a: theirs'
        }

        It '-RepairOnConflict still reports a conflict, and requires -IfMatch' {
            Set-AcmConfig repaired.yaml 'n: 1'

            { Set-AcmConfig repaired.yaml 'n: 2' -IfMatch ('0' * 32) -RepairOnConflict -ErrorAction Stop } | Should -Throw -ErrorId 'AcmConflict,*'
            Get-AcmConfig repaired.yaml -Raw | Should -BeExactly 'n: 1'
            { Set-AcmConfig repaired.yaml 'n: 2' -RepairOnConflict } | Should -Throw -ErrorId 'AcmInvalidParameter,*'
        }

        It '-NoClobber creates only' {
            Set-AcmConfig new.yaml 'n: 1' -NoClobber

            $failure = { Set-AcmConfig app.yaml 'a: 2' -NoClobber -ErrorAction Stop } | Should -Throw -ErrorId 'AcmConfigExists,*' -PassThru

            $failure.CategoryInfo.Category | Should -Be 'ResourceExists'
            Get-AcmConfig new.yaml, app.yaml -Raw | Should -Be 'n: 1', 'a: 1'
        }
    }

    Context 'a data id that is stored encrypted, without KMS' {
        It 'is rejected, so that nothing is stored unencrypted by accident' {
            { Set-AcmConfig cipher-db.yaml 'password: 1' -ErrorAction Stop } | Should -Throw -ErrorId 'AcmInvalidContent,*'

            Find-AcmConfig cipher-* | Should -BeNullOrEmpty
        }

        It '-AllowPlaintext stores it unencrypted' {
            Set-AcmConfig cipher-db.yaml 'password: 1' -AllowPlaintext

            Get-AcmConfig cipher-db.yaml -NoDecrypt -Raw | Should -Be 'password: 1'
        }

        It '-NoEncrypt rejects content that is not cipher text' {
            { Set-AcmConfig cipher-db.yaml 'password: 1' -NoEncrypt -ErrorAction Stop } | Should -Throw -ErrorId 'AcmInvalidContent,*'
        }
    }

    Context '-WhatIf' {
        It 'shows server, namespace and changes' {
            Set-AcmConfig app.yaml 'a: 1'
            Start-Transcript TestDrive:/what-if.txt | Out-Null

            try {
                Set-AcmConfig app.yaml 'a: 2' -WhatIf
                Set-AcmConfig new.yaml 'b: 1' -WhatIf
                Set-AcmConfig app.yaml 'a: 1' -WhatIf
            } finally {
                Stop-Transcript | Out-Null
            }

            $shown = Get-Content TestDrive:/what-if.txt -Raw
            $shown | Should -Match "What if: Change DEFAULT_GROUP/app.yaml in .*$([regex]::Escape($server.Endpoint))\s+@@ -1 \+1 @@\s+-a: 1\s+\+a: 2"
            $shown | Should -Match 'What if: Add DEFAULT_GROUP/new.yaml in .*'
            $shown | Should -Match 'What if: Publish DEFAULT_GROUP/app.yaml in .* \(unchanged\)'
        }

        It 'publishes nothing' {
            Set-AcmConfig app.yaml 'a: 1'

            Set-AcmConfig app.yaml 'a: 2' -WhatIf
            'x' | Set-AcmConfig new.yaml -WhatIf

            Find-AcmConfig | ForEach-Object { "$_" } | Should -Be 'DEFAULT_GROUP/app.yaml'
            Get-AcmConfig app.yaml -Raw | Should -Be 'a: 1'
        }
    }

    Context 'an error' {
        It '<id> is written for <what>' -ForEach @(
            @{ id = 'AcmInvalidKey'; what = 'a data id that is none'; dataId = 'a b'; content = 'x'; category = 'InvalidArgument' }
            @{ id = 'AcmInvalidContent'; what = 'half of a character'; dataId = 'half.txt'; content = [string] [char] 0xD83D; category = 'InvalidData' }
            @{ id = 'AcmContentTooLarge'; what = 'more than the server takes'; dataId = 'big.txt'; content = 'x' * $(if ($env:ACM_TEST_NACOS) { 3MB } else { 200000 }); category = 'LimitsExceeded' }
        ) {
            Set-AcmConfig $dataId $content -ErrorVariable failures -ErrorAction SilentlyContinue

            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -Be "$id,AcmPowerShell.SetAcmConfigCommand"
            $failures[0].CategoryInfo.Category | Should -Be $category
            "$($failures[0].TargetObject)" | Should -Be "DEFAULT_GROUP/$dataId"
        }

        It 'is written for a character that GBK lacks, on ACM' {
            $acm = Connect-Acm "$server" -Direct -NoSnapshot -NoDefault

            $failure = { Set-AcmConfig smile.txt ([char]::ConvertFromUtf32(0x1F600)) -Session $acm -ErrorAction Stop } |
                Should -Throw -ErrorId 'AcmInvalidContent,AcmPowerShell.SetAcmConfigCommand' -PassThru

            "$($failure.CategoryInfo.Category) $($failure.TargetObject)" | Should -Be 'InvalidData DEFAULT_GROUP/smile.txt'
        }

        It 'does not stop the others' {
            [pscustomobject]@{ DataId = 'a b'; Content = '1' }, [pscustomobject]@{ DataId = 'good'; Content = '2' } |
                Set-AcmConfig -ErrorVariable failures -ErrorAction SilentlyContinue

            $failures | Should -HaveCount 1
            Get-AcmConfig good -Raw | Should -Be '2'
        }

        It 'does not append the parameter in brackets' {
            $failure = { Set-AcmConfig a.txt x -IfMatch ('0' * 32) -NoClobber } | Should -Throw -ErrorId 'AcmInvalidParameter,*' -PassThru

            $failure.Exception.Message | Should -Not -BeLike '*(Parameter*'
        }

        It 'ends the command for a value that is not text, with nothing published' {
            { 'one', (Get-Date) | Set-AcmConfig lines.txt } | Should -Throw -ErrorId 'AcmInvalidContent,*'

            Find-AcmConfig lines.txt | Should -BeNullOrEmpty
        }
    }

    It 'publishes a beta version for some addresses on Nacos, which is read and removed' {
        $nacos = Connect-Acm -Server $server.Endpoint -Namespace gray -NoSnapshot -NoDefault
        Set-AcmConfig app.yaml 'formal' -Session $nacos
        Set-AcmConfig app.yaml 'beta' -BetaIp 10.1.2.3 -Session $nacos

        $beta = Get-AcmConfig app.yaml -Beta -Session $nacos
        $beta.Content | Should -Be 'beta'
        $beta.BetaIp | Should -Be '10.1.2.3'
        Get-AcmConfig app.yaml -Raw -Session $nacos | Should -Be 'formal'
        Remove-AcmConfig app.yaml -Beta -Session $nacos
        { Get-AcmConfig app.yaml -Beta -Session $nacos -ErrorAction Stop } | Should -Throw '*does not have the beta version*'
    }
}
