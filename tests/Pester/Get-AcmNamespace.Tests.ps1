BeforeAll {
    . "$PSScriptRoot/common.ps1"
    Connect-Nacos
    New-AcmNamespace dev 'Development' -Description 'for tests'
}

AfterAll {
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'Get-AcmNamespace' {
    It 'lists the namespaces with their number of configurations' {
        Set-AcmConfig a 1 -Namespace dev

        $found = Get-AcmNamespace
        $found[0].IsDefault | Should -BeTrue
        $dev = Get-AcmNamespace d*
        $dev.Name | Should -Be 'Development'
        $dev.Description | Should -Be 'for tests'
        $dev.ConfigCount | Should -Be 1
        ($found | Out-String) | Should -BeLike '*public*dev*'
    }

    It 'writes an error for a namespace that does not exist' {
        Get-AcmNamespace nowhere -ErrorVariable failures -ErrorAction SilentlyContinue

        $failures.FullyQualifiedErrorId | Should -Be 'AcmConfigNotFound,AcmPowerShell.GetAcmNamespaceCommand'
    }
}
