BeforeAll {
    . "$PSScriptRoot/common.ps1"
    $script:userProfiles = $env:ACM_PROFILE_PATH
    $env:ACM_PROFILE_PATH = [IO.Path]::Combine("$TestDrive", 'acm', 'profiles.json')
    $script:old = [IO.Path]::Combine("$TestDrive", 'acm.json')
    [IO.File]::WriteAllText($old, '{ "endpoints": { "acm.example.com": { "tls": true, "is_current": true, "namespaces": {
        "ns-1": { "alias": "prod", "ak": "LTAI1234567890xy", "sk": "the-secret-key", "is_current": true }, "ns-2": { "alias": "dev", "ram_role_name": "acm-role" } } } } }')
}

AfterAll {
    $env:ACM_PROFILE_PATH = $userProfiles
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'Import-AcmProfile' {
    BeforeEach {
        Get-AcmProfile | Remove-AcmProfile
    }

    It 'creates a profile for each namespace' {
        $taken = Import-AcmProfile -Path $old -WarningAction SilentlyContinue

        $taken | ForEach-Object { "$($_.Name) $($_.Status)" } | Should -Be 'prod Added', 'dev Added'
        (Use-AcmProfile prod).AccessKey | Should -Be 'LTAI***xy'
        (Get-AcmProfile dev).CredentialSource | Should -Be 'RamRole'
        (Get-AcmProfile prod).IsDefault | Should -BeTrue
    }

    It 'warns that the old file contains secrets, without showing them' {
        $taken = Import-AcmProfile $old -WarningVariable warnings -WarningAction SilentlyContinue

        "$warnings" | Should -BeLike '*clear text*'
        $taken | Format-List * | Out-String | Should -Not -BeLike '*the-secret-key*'
    }

    It 'warns if an alias is in use, with the new name of the profile' {
        Add-AcmProfile prod -Endpoint elsewhere.example.com -SkipTest

        $taken = Import-AcmProfile $old -WarningVariable warnings -WarningAction SilentlyContinue

        $taken[0].Name | Should -Not -Be 'prod'
        $taken[0].RenamedFrom | Should -Be 'prod'
        $taken[1].RenamedFrom | Should -BeNullOrEmpty
        "$warnings" | Should -BeLike "*'prod'*'$($taken[0].Name)'*"
    }

    It 'does not change an existing profile without -Force' {
        Add-AcmProfile mine -Endpoint acm.example.com -Namespace ns-1 -SkipTest

        Import-AcmProfile $old -WarningAction SilentlyContinue | ForEach-Object { "$($_.Name) $($_.Status)" } | Should -Be 'mine Skipped', 'dev Added'
        Import-AcmProfile $old -Force -WarningAction SilentlyContinue | ForEach-Object { "$($_.Name) $($_.Status)" } | Should -Be 'mine Updated', 'dev Updated'
    }

    It 'imports the Nacos server of a Spring application' {
        $yaml = [IO.Path]::Combine("$TestDrive", 'application.yml')
        [IO.File]::WriteAllText($yaml, "spring:`n  application: { name: shop }`n  cloud:`n    nacos:`n      config: { server-addr: 'nacos.invalid:8848', namespace: dev, username: ann, password: the-password }`n")

        Import-AcmProfile $yaml -WarningAction SilentlyContinue | ForEach-Object { "$($_.Name) $($_.Endpoint) $($_.Namespace) $($_.Status)" } | Should -Be 'shop nacos.invalid:8848 dev Added'
        $session = Connect-Acm -Profile shop -NoDefault

        $session.ServerType | Should -Be 'Nacos'
        $session.UserName | Should -Be 'ann'
        (Get-AcmProfile shop).Secrets | Should -Be 'password'
    }

    It 'imports nothing with -WhatIf' {
        Import-AcmProfile $old -WhatIf -WarningAction SilentlyContinue | Should -BeNullOrEmpty

        Get-AcmProfile | Should -BeNullOrEmpty
    }

    It 'writes an error if the file does not exist' {
        { Import-AcmProfile "$TestDrive/no-such.json" } | Should -Throw -ErrorId 'AcmFileNotFound,*'
    }
}
