BeforeAll {
    . "$PSScriptRoot/common.ps1"
}

AfterAll {
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'Disconnect-Acm' {
    It 'ends this session''s connection' {
        $session = Connect-Server -NoSnapshot

        Disconnect-Acm | Should -BeNullOrEmpty

        $session.IsConnected | Should -BeFalse
        Get-AcmSession | Should -BeNullOrEmpty
        { Find-AcmConfig } | Should -Throw -ErrorId 'AcmNotConnected,*'
    }

    It 'closes the specified connection, and keeps the default one' {
        $first = Connect-Server -NoSnapshot
        $second = Connect-Server -NoSnapshot

        Disconnect-Acm -Session $first

        Get-AcmSession | Should -Be $second
        { Find-AcmConfig -Session $first } | Should -Throw -ErrorId 'AcmNotConnected,*'
        { Find-AcmConfig } | Should -Not -Throw
    }

    It 'takes connections from the pipeline' {
        $sessions = (Connect-Server -NoSnapshot), (Connect-Server -NoSnapshot)

        $sessions | Disconnect-Acm

        $sessions.IsConnected | Should -Be $false, $false
    }

    It 'is not an error without a connection, or if it was closed before' {
        $session = Connect-Server -NoSnapshot
        Disconnect-Acm

        { Disconnect-Acm; Disconnect-Acm $session } | Should -Not -Throw
    }
}
