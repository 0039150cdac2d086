BeforeAll {
    . "$PSScriptRoot/common.ps1"
    Connect-Nacos
    New-AcmNamespace sandbox 'Development' -Description 'for tests'
}

AfterAll {
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'Get-AcmNamespace' {
    It 'lists the namespaces with their number of configurations' {
        Set-AcmConfig a 1 -Namespace sandbox

        $found = Get-AcmNamespace
        $found[0].IsDefault | Should -BeTrue
        $sandbox = Get-AcmNamespace sand*
        $sandbox.Name | Should -Be 'Development'
        $sandbox.Description | Should -Be 'for tests'
        $sandbox.ConfigCount | Should -Be 1
        ($found | Out-String) | Should -BeLike '*public*sandbox*'
    }

    It 'writes an error for a namespace that does not exist' {
        Get-AcmNamespace nowhere -ErrorVariable failures -ErrorAction SilentlyContinue

        $failures.FullyQualifiedErrorId | Should -Be 'AcmConfigNotFound,AcmPowerShell.GetAcmNamespaceCommand'
    }
}
