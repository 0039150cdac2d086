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
        New-AcmNamespace removed
        Remove-AcmNamespace removed -Confirm:$false

        (Get-AcmNamespace).Namespace | Should -Not -Contain 'removed'
    }

    It 'rejects a namespace with configurations, and removes these first with -Force' {
        New-AcmNamespace removed
        Set-AcmConfig a 1 -Namespace removed
        Remove-AcmNamespace removed -Confirm:$false -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures.FullyQualifiedErrorId | Should -Be 'AcmNamespaceNotEmpty,AcmPowerShell.RemoveAcmNamespaceCommand'

        Get-AcmNamespace removed | Remove-AcmNamespace -Force
        (Get-AcmNamespace).Namespace | Should -Not -Contain 'removed'
        Find-AcmConfig -Namespace removed | Should -BeNullOrEmpty
    }
}
