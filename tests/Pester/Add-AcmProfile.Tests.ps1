BeforeAll {
    . "$PSScriptRoot/common.ps1"
    $script:userProfiles = $env:ACM_PROFILE_PATH
    $env:ACM_PROFILE_PATH = [IO.Path]::Combine("$TestDrive", 'acm', 'profiles.json')
    $script:secret = ConvertTo-Secret 'the-secret-key'
}

AfterAll {
    $env:ACM_PROFILE_PATH = $userProfiles
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'Add-AcmProfile' {
    BeforeEach {
        Get-AcmProfile | Remove-AcmProfile
    }

    It 'saves the settings of a connection, and tests it' {
        Add-AcmProfile -Name local -Endpoint "$server" -Namespace dev -Direct -NoSnapshot -WarningVariable warnings | Should -BeNullOrEmpty

        $warnings | Should -BeNullOrEmpty
        $session = Use-AcmProfile local
        $session.Namespace | Should -Be 'dev'
        $session.Direct | Should -BeTrue
    }

    It 'keeps a profile whose connection does not work, with a warning' {
        Add-AcmProfile down -Endpoint 127.0.0.1:1 -TimeoutSec 5 -WarningVariable warnings -WarningAction SilentlyContinue

        $warnings | Should -HaveCount 1
        "$warnings" | Should -BeLike '*127.0.0.1:1*'
        Get-AcmProfile | ForEach-Object Name | Should -Be 'down'
    }

    It 'changes only the specified settings of an existing profile' {
        Add-AcmProfile prod -Endpoint acm.example.com -AccessKey 'the-access-key' -SecretKey $secret -UseTls -TimeoutSec 7 -SkipTest

        Add-AcmProfile prod -UnitName sh -SkipTest

        $settings = (Get-AcmProfile prod).Settings
        $settings['UnitName'] | Should -Be 'sh'
        $settings['UseTls'] | Should -BeTrue
        $settings['TimeoutSec'] | Should -Be 7
        (Get-AcmProfile prod).Secrets | Should -Be 'secretKey'
    }

    It 'takes the keys as a credential' {
        Add-AcmProfile prod -Endpoint acm.example.com -Credential ([pscredential]::new('the-access-key', $secret)) -SkipTest

        (Use-AcmProfile prod).AccessKey | Should -Be 'the-***ey'
    }

    It 'stores a secret key for the current user only' {
        $signed = Get-SignedServer
        Add-AcmProfile signed -Endpoint "$signed" -Direct -NoSnapshot -AccessKey 'the-access-key' -SecretKey $secret

        # Windows encrypts it; elsewhere the mode of the file keeps others out. The flavour of .NET Framework knows no modes.
        if ($onWindows) { [IO.File]::ReadAllText($env:ACM_PROFILE_PATH) | Should -Not -BeLike '*the-secret-key*' }
        elseif (-not $env:ACM_FLAVOUR) { "$([IO.File]::GetUnixFileMode($env:ACM_PROFILE_PATH))" | Should -Be 'UserWrite, UserRead' }
        $session = Use-AcmProfile signed
        Set-AcmConfig a.yaml 'signed' -Session $session
        Get-AcmConfig a.yaml -Raw -Session $session | Should -Be 'signed'
    }

    It 'reports that another program has the file open, and does not change it' {
        Add-AcmProfile one -Endpoint one.example.com -SkipTest
        $before = [IO.File]::ReadAllText($env:ACM_PROFILE_PATH)
        $held = Open-Exclusively $env:ACM_PROFILE_PATH
        try {
            { Add-AcmProfile two -Endpoint two.example.com -SkipTest -ErrorAction Stop } | Should -Throw -ErrorId 'AcmStorageFailed,*'
        }
        finally {
            $held.Dispose()
        }

        [IO.File]::ReadAllText($env:ACM_PROFILE_PATH) | Should -BeExactly $before
    }

    It 'names a profile after its namespace, and also after the endpoint if that name is in use' {
        Add-AcmProfile -Endpoint one.example.com -Namespace prod -SkipTest -PassThru | ForEach-Object Name | Should -Be 'prod'
        Add-AcmProfile -Endpoint two.example.com -Namespace prod -SkipTest -PassThru | ForEach-Object Name | Should -Be 'two.example.com-prod'
        Add-AcmProfile -Endpoint one.example.com -SkipTest -PassThru | ForEach-Object Name | Should -Be '[default]'
    }

    It 'makes the first profile the default one, and another one with -Default' {
        Add-AcmProfile one -Endpoint one.example.com -SkipTest
        Add-AcmProfile two -Endpoint two.example.com -SkipTest
        (Get-AcmProfile one).IsDefault | Should -BeTrue

        Add-AcmProfile two -Default -SkipTest

        (Get-AcmProfile two).IsDefault | Should -BeTrue
        (Get-AcmProfile one).IsDefault | Should -BeFalse
    }

    It 'takes a server from Start-AcmServer' {
        $server | Add-AcmProfile local -SkipTest

        (Use-AcmProfile local).Endpoint | Should -Be $server.Endpoint
    }

    It 'rejects <what>, and saves nothing' -ForEach @(
        @{ what = 'a name with a colon'; parameters = @{ Name = 'a:b'; Endpoint = 'acm.example.com' } }
        @{ what = 'a new profile without an endpoint'; parameters = @{ Name = 'new' } }
        @{ what = 'half a key'; parameters = @{ Name = 'half'; Endpoint = 'acm.example.com'; AccessKey = 'the-access-key' } }
        @{ what = 'an endpoint that is none'; parameters = @{ Name = 'none'; Endpoint = 'a b' } }
    ) {
        { Add-AcmProfile @parameters -SkipTest } | Should -Throw -ErrorId 'AcmInvalidParameter,*'
        Get-AcmProfile | Should -BeNullOrEmpty
    }

    It 'saves servers, a user name and a password' {
        $password = ConvertTo-SecureString 'the-password' -AsPlainText -Force
        Add-AcmProfile nacos -Server nacos1.invalid, nacos2.invalid -Namespace dev -Credential (New-Object pscredential ann, $password) -SkipTest

        $session = Connect-Acm -Profile nacos -NoDefault

        $session.ServerType | Should -Be 'Auto'
        $session.Endpoint | Should -Be 'nacos1.invalid,nacos2.invalid'
        $session.UserName | Should -Be 'ann'
        (Get-AcmProfile nacos).Secrets | Should -Be 'password'
        { Add-AcmProfile nacos -Server a -Endpoint b -SkipTest } | Should -Throw -ErrorId 'AcmInvalidParameter*'
        Remove-AcmProfile nacos
    }

    It 'does nothing with -WhatIf' {
        Add-AcmProfile what -Endpoint acm.example.com -WhatIf

        Get-AcmProfile | Should -BeNullOrEmpty
    }
}
