BeforeAll {
    . "$PSScriptRoot/common.ps1"
    Set-AcmConfig app.properties "name=shop`r`nurl=jdbc:mysql://db1`r`npool=10`r`n" -Group PROD
    Set-AcmConfig app.properties "name=shop`nurl=JDBC:mysql://db2`n" -Group TEST
    Set-AcmConfig readme.txt 'a.c (x)'
    Set-AcmConfig elsewhere.txt 'jdbc:elsewhere' -Namespace searched
}

AfterAll {
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'Search-AcmConfig' {
    It 'finds lines as Select-String does, in all groups' {
        $found = Search-AcmConfig jdbc

        $found | ForEach-Object { "$_" } | Sort-Object | Should -Be 'PROD/app.properties:2:url=jdbc:mysql://db1', 'TEST/app.properties:2:url=JDBC:mysql://db2'
        $found[0] | Should -BeOfType ([AcmPowerShell.AcmConfigMatch])
        $found[0].LineNumber | Should -Be 2
        $found[0].Namespace | Should -Be ''
        Search-AcmConfig 'db\d$', 'pool' -Group PROD | ForEach-Object LineNumber | Should -Be 2, 3
    }

    It 'has a redacted form of each line' {
        Set-AcmConfig db.properties 'db.password=jdbc-secret' -Group SECRET

        try {
            (Search-AcmConfig jdbc-secret -Group SECRET).RedactedLine | Should -BeExactly 'db.password=***'
            (Search-AcmConfig jdbc-secret -Group SECRET -SecretPattern @()).RedactedLine | Should -BeExactly 'db.password=jdbc-secret'
        } finally {
            Remove-AcmConfig db.properties -Group SECRET
        }
    }

    It 'returns context lines with -Context' {
        $found = Search-AcmConfig jdbc -Group PROD -Context 1

        $found.PreContext | Should -Be 'name=shop'
        $found.PostContext | Should -Be 'pool=10'
        $found.Lines | Should -BeExactly "  name=shop`n> url=jdbc:mysql://db1`n  pool=10"
        (Search-AcmConfig jdbc -Group PROD -Context 0, 1).PreContext | Should -BeNullOrEmpty
        $found | Out-String | Should -BeLike '*> url=jdbc:mysql://db1*'
    }

    It 'matches case with -CaseSensitive' {
        Search-AcmConfig jdbc -CaseSensitive | ForEach-Object Group | Should -Be 'PROD'
    }

    It 'matches literal text with -SimpleMatch' {
        Search-AcmConfig 'a.c (' -SimpleMatch | ForEach-Object DataId | Should -Be 'readme.txt'
        { Search-AcmConfig 'a.c (' } | Should -Throw -ErrorId 'AcmInvalidParameter,*'
    }

    It 'returns lines that do not match with -NotMatch' {
        Search-AcmConfig jdbc app.properties TEST -NotMatch | ForEach-Object Line | Should -Be 'name=shop'
    }

    It 'returns only whether a line matches with -Quiet' {
        Search-AcmConfig jdbc -Quiet | Should -BeTrue
        Search-AcmConfig nowhere -Quiet | Should -BeFalse
    }

    It 'searches one namespace, or all known ones' {
        Search-AcmConfig jdbc -Namespace searched | ForEach-Object DataId | Should -Be 'elsewhere.txt'
        Search-AcmConfig jdbc -AllNamespaces | ForEach-Object Namespace | Sort-Object -Unique | Should -Be '', 'searched'
        { Search-AcmConfig jdbc -AllNamespaces -Namespace searched } | Should -Throw -ErrorId 'AcmInvalidParameter,*'
    }

    It 'can be stopped by Select-Object -First, and piped' {
        Search-AcmConfig name | Select-Object -First 1 | Should -HaveCount 1
        Search-AcmConfig pool | Get-AcmConfig | ForEach-Object Group | Should -Be 'PROD'
    }
}
