BeforeAll {
    . "$PSScriptRoot/common.ps1"
    Connect-Nacos
}

AfterAll {
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'Remove-AcmNamespace' {
    It 'removes an empty namespace' {
        New-AcmNamespace dev
        Remove-AcmNamespace dev -Confirm:$false

        (Get-AcmNamespace).Namespace | Should -Not -Contain 'dev'
    }

    It 'rejects a namespace with configurations, and removes these first with -Force' {
        New-AcmNamespace dev
        Set-AcmConfig a 1 -Namespace dev
        Remove-AcmNamespace dev -Confirm:$false -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures.FullyQualifiedErrorId | Should -Be 'AcmNamespaceNotEmpty,AcmPowerShell.RemoveAcmNamespaceCommand'

        Get-AcmNamespace dev | Remove-AcmNamespace -Force
        (Get-AcmNamespace).Namespace | Should -Not -Contain 'dev'
        Find-AcmConfig -Namespace dev | Should -BeNullOrEmpty
    }
}
