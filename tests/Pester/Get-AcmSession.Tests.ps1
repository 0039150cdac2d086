BeforeAll {
    . "$PSScriptRoot/common.ps1"
}

AfterAll {
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'Get-AcmSession' {
    It 'returns the latest connection' {
        $null = Connect-Acm 127.0.0.1:1
        $last = Connect-Server -Namespace dev -NoSnapshot

        Get-AcmSession | Should -Be $last
        "$(Get-AcmSession)" | Should -BeLike '*(dev)'
    }

    It 'returns nothing if there is none' {
        Disconnect-Acm

        Get-AcmSession | Should -BeNullOrEmpty
    }

    It 'shows no secret' {
        $null = Connect-Acm 127.0.0.1:1 -AccessKey 'LTAI-the-whole-access-key' -SecretKey (ConvertTo-Secret 'the-secret-key')

        $shown = Get-AcmSession | Format-List * | Out-String

        $shown | Should -Not -Match 'the-secret-key'
        $shown | Should -Not -Match 'the-whole-access-key'
    }
}
