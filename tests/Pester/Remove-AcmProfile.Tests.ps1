BeforeAll {
    . "$PSScriptRoot/common.ps1"
    $script:userProfiles = $env:ACM_PROFILE_PATH
    $env:ACM_PROFILE_PATH = [IO.Path]::Combine("$TestDrive", 'acm', 'profiles.json')
}

AfterAll {
    $env:ACM_PROFILE_PATH = $userProfiles
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'Remove-AcmProfile' {
    BeforeEach {
        'dev-1', 'dev-2', 'prod' | ForEach-Object { Add-AcmProfile $_ -Endpoint acm.example.com -Namespace $_ -SkipTest }
    }

    It 'removes a profile by its name' {
        Remove-AcmProfile -Name prod

        Get-AcmProfile | ForEach-Object Name | Should -Be 'dev-1', 'dev-2'
    }

    It 'removes profiles by wildcard and from the pipeline' {
        Remove-AcmProfile dev-*
        Get-AcmProfile prod | Remove-AcmProfile

        Get-AcmProfile | Should -BeNullOrEmpty
    }

    It 'removes nothing with -WhatIf' {
        Remove-AcmProfile * -WhatIf

        Get-AcmProfile | Should -HaveCount 3
    }

    It 'writes an error for a name that is not there' {
        { Remove-AcmProfile other -ErrorAction Stop } | Should -Throw -ErrorId 'AcmProfileNotFound,*'
    }
}
