BeforeAll {
    . "$PSScriptRoot/common.ps1"
    $script:userProfiles = $env:ACM_PROFILE_PATH
    $env:ACM_PROFILE_PATH = [IO.Path]::Combine("$TestDrive", 'acm', 'profiles.json')
    Add-AcmProfile dev -Endpoint "$server" -Namespace dev -Direct -NoSnapshot -SkipTest
    Add-AcmProfile blank -Endpoint "$server" -Direct -NoSnapshot -SkipTest
}

AfterAll {
    $env:ACM_PROFILE_PATH = $userProfiles
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'Use-AcmProfile' {
    It 'connects with a profile and makes it the default connection' {
        $session = Use-AcmProfile dev
        Set-AcmConfig app.yaml 'a: 1'

        $session | Should -BeOfType ([AcmPowerShell.AcmSession])
        $session.Profile | Should -Be 'dev'
        Get-AcmSession | Should -Be $session
        Get-AcmConfig app.yaml -Namespace dev -Raw | Should -Be 'a: 1'
        (Get-AcmProfile dev).IsCurrent | Should -BeTrue
    }

    It 'takes an endpoint and a namespace, <space> for the blank one' -ForEach @{ space = '' }, @{ space = 'public' }, @{ space = '[default]' } {
        (Use-AcmProfile "${server}:dev").Profile | Should -Be 'dev'
        (Use-AcmProfile "${server}:$space").Profile | Should -Be 'blank'
    }

    It 'uses the default profile without a name, and -Default changes it' {
        (Use-AcmProfile).Profile | Should -Be 'dev'
        $null = Use-AcmProfile blank -Default

        (Use-AcmProfile).Profile | Should -Be 'blank'
    }

    It 'accepts the output of Get-AcmProfile' {
        (Get-AcmProfile dev | Use-AcmProfile).Profile | Should -Be 'dev'
    }

    It 'is a terminating error if the profile does not exist; names are case-sensitive' {
        { Use-AcmProfile other } | Should -Throw -ErrorId 'AcmProfileNotFound,*'
        { Use-AcmProfile Dev } | Should -Throw -ErrorId 'AcmProfileNotFound,*'
    }

    It 'is suggested to a session without a connection' {
        $null = Use-AcmProfile dev -Default
        Disconnect-Acm

        $failure = { Find-AcmConfig } | Should -Throw -ErrorId 'AcmNotConnected,*' -PassThru

        $failure.ErrorDetails.RecommendedAction | Should -BeLike "*Use-AcmProfile*default profile 'dev'*dev, blank*"
    }
}
