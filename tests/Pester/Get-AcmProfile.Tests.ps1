BeforeAll {
    . "$PSScriptRoot/common.ps1"
    $script:userProfiles = $env:ACM_PROFILE_PATH
    $env:ACM_PROFILE_PATH = [IO.Path]::Combine("$TestDrive", 'acm', 'profiles.json')
    $script:secret = ConvertTo-Secret 'the-secret-key'
    Add-AcmProfile prod -Endpoint acm.example.com -Namespace prod -AccessKey 'LTAI1234567890xy' -SecretKey $secret -UseTls -SkipTest
    Add-AcmProfile dev -Endpoint acm.example.com -Namespace dev -RamRoleName acm-role -SkipTest
    Add-AcmProfile -Endpoint acm.example.com -SkipTest
}

AfterAll {
    $env:ACM_PROFILE_PATH = $userProfiles
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'Get-AcmProfile' {
    It 'lists all by name' {
        Get-AcmProfile | ForEach-Object Name | Should -Be '[default]', 'dev', 'prod'
    }

    It 'finds <found> by <name>' -ForEach @(
        @{ name = 'prod'; found = 'prod' }
        @{ name = '*d*'; found = '[default]', 'dev', 'prod' }
        @{ name = '[default]'; found = '[default]' }
        @{ name = 'acm.example.com:dev'; found = 'dev' }
        @{ name = 'x*'; found = $null }
    ) {
        Get-AcmProfile -Name $name | ForEach-Object Name | Should -Be $found
    }

    It 'shows the settings' {
        $one = Get-AcmProfile prod

        $one | Should -BeOfType ([AcmPowerShell.AcmProfile])
        $one.Endpoint | Should -Be 'acm.example.com'
        $one.Namespace | Should -Be 'prod'
        $one.Tls | Should -BeTrue
        $one.CredentialSource | Should -Be 'Keys'
        (Get-AcmProfile dev).CredentialSource | Should -Be 'RamRole'
    }

    It 'shows no secret' {
        $text = Get-AcmProfile | Format-List -Property * | Out-String

        $text | Should -Not -BeLike '*the-secret-key*'
        $text | Should -Not -BeLike '*LTAI1234567890xy*'
    }

    It 'writes an error for a name that is not there, and goes on' {
        $names = Get-AcmProfile other, dev -ErrorVariable failures -ErrorAction SilentlyContinue | ForEach-Object Name

        $names | Should -Be 'dev'
        $failures[0].FullyQualifiedErrorId | Should -Be 'AcmProfileNotFound,AcmPowerShell.GetAcmProfileCommand'
    }

    It 'says on which line a file is damaged, and leaves it alone' {
        $sound = [IO.File]::ReadAllText($env:ACM_PROFILE_PATH)
        try {
            [IO.File]::WriteAllText($env:ACM_PROFILE_PATH, "{`n`"version`": 1,`n`"profiles`": {`n")

            { Get-AcmProfile } | Should -Throw -ErrorId 'AcmInvalidProfile,*'
            { Add-AcmProfile new -Endpoint acm.example.com -SkipTest } | Should -Throw -ExpectedMessage '*on line 4*'
            [IO.File]::ReadAllText($env:ACM_PROFILE_PATH) | Should -BeLike '*"profiles": {?'
        }
        finally {
            [IO.File]::WriteAllText($env:ACM_PROFILE_PATH, $sound)
        }
    }
}
