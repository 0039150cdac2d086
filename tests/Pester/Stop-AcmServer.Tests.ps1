BeforeAll {
    . "$PSScriptRoot/common.ps1"
}

AfterAll {
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'Stop-AcmServer' {
    BeforeAll {
        $script:started = @()

        # Returns running servers. Those that an earlier test left running are the first ones.
        function Get-RunningServer {
            param([int] $Count)

            $script:started = @($started | Where-Object { -not $_.HasExited })
            while ($started.Count -lt $Count) { $script:started += Start-AcmServer -InMemory }
            $started[0..($Count - 1)]
        }
    }

    It 'does not stop it with -WhatIf' {
        $server = Get-RunningServer 1

        Stop-AcmServer -WhatIf
        $server | Stop-AcmServer -WhatIf

        $server.HasExited | Should -BeFalse
    }

    It 'stops only the specified server' {
        $first, $second = Get-RunningServer 2

        Stop-AcmServer -Server $first

        $first.HasExited, $second.HasExited | Should -Be $true, $false
    }

    It 'is not an error if there is none, or if it was stopped before' {
        $server = Get-RunningServer 1
        Stop-AcmServer $server

        { Stop-AcmServer; Stop-AcmServer $server } | Should -Not -Throw
    }

    It 'stops all that this session started' {
        $servers = Get-RunningServer 2

        Stop-AcmServer | Should -BeNullOrEmpty

        $servers.HasExited | Should -Be $true, $true
    }

    It 'takes servers from the pipeline' {
        $servers = Get-RunningServer 2

        $servers | Stop-AcmServer

        $servers.HasExited | Should -Be $true, $true
    }
}
