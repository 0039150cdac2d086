BeforeAll {
    . "$PSScriptRoot/common.ps1"
}

AfterAll {
    Unregister-AcmWatcher -SourceIdentifier *
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'Get-AcmListener' {
    It 'shows who listens, since when, and whether the value is current' {
        $md5 = (Set-AcmConfig app.json '{}' -PassThru).Md5
        Register-AcmWatcher app.json -NoInitial

        # The watcher's poll is on its way when the command returns.
        do { $listener = Get-AcmListener app.json } until ($listener)

        $listener.PSTypeNames | Should -Contain 'Acm.Client.ConfigListener'
        $listener.Address | Should -Be '127.0.0.1'
        $listener.Md5 | Should -Be $md5
        $listener.IsCurrent | Should -BeTrue
        $listener.Since | Should -Not -BeNullOrEmpty
        Find-AcmConfig | Get-AcmListener | Should -HaveCount 1
    }

    It 'returns nothing without listeners' {
        Get-AcmListener nothing.json -Group NONE | Should -BeNullOrEmpty
    }

    It 'shows what an address listens to on Nacos' {
        $nacos = Connect-Acm -Server $server.Endpoint -Namespace listened -NoSnapshot
        $md5 = (Set-AcmConfig app.json '{}' -PassThru -Session $nacos).Md5
        Register-AcmWatcher app.json -NoInitial -Session $nacos
        do { $listener = Get-AcmListener -Address 127.0.0.1 -Session $nacos } until ($listener.IsCurrent) # Without a value at first

        $listener.DataId | Should -Be 'app.json'
        $listener.Md5 | Should -Be $md5
        $listener.IsCurrent | Should -BeTrue
    }

    It 'writes an error for an invalid name' {
        Get-AcmListener 'a b' -ErrorVariable failures -ErrorAction SilentlyContinue

        $failures.FullyQualifiedErrorId | Should -Be 'AcmInvalidKey,AcmPowerShell.GetAcmListenerCommand'
    }
}
