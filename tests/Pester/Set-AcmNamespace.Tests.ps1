BeforeAll {
    . "$PSScriptRoot/common.ps1"
    Connect-Nacos
    New-AcmNamespace changed 'Development' -Description 'stays'
}

AfterAll {
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'Set-AcmNamespace' {
    It 'changes the name and keeps the description' {
        $changed = Set-AcmNamespace changed 'Renamed' -PassThru

        $changed.Name | Should -Be 'Renamed'
        $changed.Description | Should -Be 'stays'
    }

    It 'clears the description' {
        (Set-AcmNamespace changed -Description '' -PassThru).Description | Should -Be ''
    }
}
