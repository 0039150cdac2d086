BeforeAll {
    . "$PSScriptRoot/common.ps1"
    Connect-Nacos
}

AfterAll {
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'New-AcmNamespace' {
    It 'creates a namespace with a specified or a new ID' {
        (New-AcmNamespace created).Name | Should -Be 'created'
        (New-AcmNamespace -Name 'No ID').Namespace | Should -Match '^[0-9a-f-]{36}$'
    }

    It 'creates nothing with -WhatIf' {
        New-AcmNamespace other -WhatIf

        (Get-AcmNamespace).Namespace | Should -Not -Contain 'other'
    }
}
