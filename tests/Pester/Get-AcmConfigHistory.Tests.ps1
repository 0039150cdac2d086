BeforeAll {
    . "$PSScriptRoot/common.ps1"
    Set-AcmConfig changed.yaml 'a: 1'
    Set-AcmConfig changed.yaml 'a: 2'
}

AfterAll {
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'Get-AcmConfigHistory' {
    It 'lists the changes, newest first' {
        $history = Get-AcmConfigHistory changed.yaml

        $history.Operation | Should -Be 'Changed', 'Added'
        $history[0].PSTypeNames | Should -Contain 'AcmPowerShell.AcmConfigRevision'
        $history[0].Version | Should -BeGreaterThan $history[1].Version
        $history[0].Address | Should -Be '127.0.0.1'
    }

    It 'shows content and diff' {
        $history = Get-AcmConfigHistory changed.yaml -Content -Diff

        $history.Content | Should -Be 'a: 2', 'a: 1'
        $history[0].Diff | Should -BeLike '*-a: 1*+a: 2*'
        ($history[0] | Format-List | Out-String) | Should -BeLike '*+a: 2*'
        ($history | Out-String) | Should -BeLike '*Version*Time*Operation*'
    }

    It 'leaves cipher text as it is' {
        Set-AcmConfig cipher-app.yaml 'the cipher text' -AllowPlaintext

        (Get-AcmConfigHistory cipher-app.yaml -Content -NoDecrypt).Content | Should -Be 'the cipher text'
        Remove-AcmConfig cipher-app.yaml -Confirm:$false
    }

    It 'takes wildcards and piped objects' {
        @(Get-AcmConfigHistory *.yaml).Count | Should -Be 2
        @(Find-AcmConfig | Get-AcmConfigHistory).Count | Should -Be 2
    }

    It 'shows the name of a gray version that a change belongs to' {
        $nacos = Connect-Acm -Server $server.Endpoint -NoSnapshot -NoDefault
        Set-AcmConfig changed.yaml 'beta' -BetaIp 10.1.2.3 -Session $nacos

        (Get-AcmConfigHistory changed.yaml -Session $nacos -IncludeGray)[0].GrayName | Should -BeIn 'beta', 'gray'
        Remove-AcmConfig changed.yaml -Beta -Confirm:$false -Session $nacos
    }

    It 'writes nothing for a configuration without a history' {
        Get-AcmConfigHistory nothing | Should -BeNullOrEmpty
    }
}
