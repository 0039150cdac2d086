BeforeAll {
    . "$PSScriptRoot/common.ps1"
}

AfterAll {
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'Stop-AcmServer' {
    It 'stops all that this session started' {
        $servers = (Start-AcmServer -InMemory), (Start-AcmServer -InMemory)

        Stop-AcmServer | Should -BeNullOrEmpty

        $servers.HasExited | Should -Be $true, $true
    }

    It 'stops only the specified server' {
        $first = Start-AcmServer -InMemory
        $second = Start-AcmServer -InMemory

        Stop-AcmServer -Server $first

        $first.HasExited, $second.HasExited | Should -Be $true, $false
    }

    It 'takes servers from the pipeline' {
        $servers = (Start-AcmServer -InMemory), (Start-AcmServer -InMemory)

        $servers | Stop-AcmServer

        $servers.HasExited | Should -Be $true, $true
    }

    It 'does not stop it with -WhatIf' {
        $server = Start-AcmServer -InMemory

        Stop-AcmServer -WhatIf
        $server | Stop-AcmServer -WhatIf

        $server.HasExited | Should -BeFalse
    }

    It 'is not an error if there is none, or if it was stopped before' {
        $server = Start-AcmServer -InMemory
        Stop-AcmServer $server

        { Stop-AcmServer; Stop-AcmServer $server } | Should -Not -Throw
    }
}
