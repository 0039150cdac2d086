BeforeAll {
    . "$PSScriptRoot/common.ps1"
}

AfterAll {
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'Start-AcmServer' {
    AfterEach {
        Disconnect-Acm
        Stop-AcmServer
    }

    It '-InMemory starts a server on this machine' {
        $server = Start-AcmServer -InMemory

        $server | Should -BeOfType ([AcmPowerShell.AcmServer])
        $server.Endpoint | Should -Match '^127\.0\.0\.1:\d+$'
        $server.Port | Should -BeGreaterThan 0
        $server.ProcessId | Should -BeGreaterThan 0
        $server.DataPath | Should -BeNullOrEmpty
        $server.HasExited | Should -BeFalse
        $server.GrpcPort | Should -Be ($server.Port + 1000) -Because 'that is the default'
    }

    It '-DataPath keeps the data in a file' {
        $server = Start-AcmServer -DataPath TestDrive:/data/acm.db
        $null = $server | Connect-Acm -NoSnapshot
        Set-AcmConfig kept.yaml 'a: 1'
        Stop-AcmServer -Server $server

        $null = Start-AcmServer -DataPath TestDrive:/data/acm.db | Connect-Acm -NoSnapshot

        'TestDrive:/data/acm.db' | Should -Exist
        Get-AcmConfig kept.yaml -Raw | Should -Be 'a: 1'
    }

    It '-DataPath locks its file: a second server is rejected, and the first continues' {
        $server = Start-AcmServer -DataPath 'TestDrive:/data of one/acm.db'
        $null = $server | Connect-Acm -NoSnapshot
        Set-AcmConfig kept.yaml 'a: 1'

        $failure = { Start-AcmServer -DataPath 'TestDrive:/data of one/acm.db' -ErrorAction Stop } | Should -Throw -ErrorId 'AcmServerStartFailed,*' -PassThru

        $failure.Exception.Message | Should -BeLike '*another server uses it*'
        Set-AcmConfig more.yaml 'b: 1'
        Get-AcmConfig kept.yaml, more.yaml -Raw | Should -Be 'a: 1', 'b: 1'
    }

    It '-DataPath that another program has open is not changed' {
        $file = Join-Path $TestDrive held.db
        [IO.File]::WriteAllText($file, 'not ours')
        $held = Open-Exclusively $file
        try {
            { Start-AcmServer -DataPath $file -ErrorAction Stop } | Should -Throw -ErrorId 'AcmServerStartFailed,*'
        }
        finally {
            $held.Dispose()
        }

        [IO.File]::ReadAllText($file) | Should -Be 'not ours'
    }

    It '-Port selects the port' {
        $port = Get-FreePort

        (Start-AcmServer -InMemory -Port $port).Port | Should -Be $port
    }

    It '-GrpcPort 0 without -Port takes that of HTTP plus 1000' {
        $server = Start-AcmServer -InMemory -GrpcPort 0

        $server.GrpcPort | Should -Be ($server.Port + 1000)
    }

    It '-GrpcPort answers there, and Connect-Acm finds it' {
        $hasGrpc = $PSVersionTable.PSEdition -ne 'Desktop' -and -not $env:ACM_FLAVOUR
        $port = Get-FreePort
        $server = Start-AcmServer -InMemory -ServerType Nacos -GrpcPort $port
        $null = $server | Connect-Acm
        Set-AcmConfig a.yaml 'x'

        $null = Register-AcmWatcher a.yaml -SourceIdentifier pushed -WatchTransport $(if ($hasGrpc) { 'Grpc' } else { 'LongPoll' })

        $server.GrpcPort | Should -Be $port
        $server.GrpcPort | Should -Not -Be ($server.Port + 1000)
        (Receive-Event pushed).SourceEventArgs.Content | Should -Be 'x'
        (Wait-Watcher pushed).Server | Should -Be "127.0.0.1:$(if ($hasGrpc) { $port } else { $server.Port })"
        Unregister-AcmWatcher -SourceIdentifier pushed
    }

    It '-GrpcPort 0 with -Port takes one that is free' {
        $port = Get-FreePort

        $server = Start-AcmServer -InMemory -Port $port -GrpcPort 0

        $server.Port | Should -Be $port
        $server.GrpcPort | Should -BeGreaterThan 0
    }

    It '-GrpcPort needs a generation that speaks gRPC: <generation> does not' -ForEach @(@{ generation = '1' }, @{ generation = 'none' }) {
        { Start-AcmServer -InMemory -NacosGeneration $generation -GrpcPort 0 } | Should -Throw -ErrorId 'AcmInvalidParameter,*'
    }

    It '-AccessKey and -SecretKey require signed requests' {
        $secret = ConvertTo-Secret 'the-secret-key'
        $server = Start-AcmServer -InMemory -AccessKey key -SecretKey $secret

        $null = $server | Connect-Acm
        Set-AcmConfig a.yaml 'x'

        $server.AccessKey | Should -Be 'key'
        { Get-AcmConfig a.yaml -Session ($server | Connect-Acm -NoAuth) -ErrorAction Stop } | Should -Throw -ErrorId 'AcmAccessDenied,*'
    }

    It '-NacosGeneration <generation> answers as Nacos <version>' -ForEach @(
        @{ generation = '1'; version = '1.4.8'; path = 'nacos/v1/console/server/state' }
        @{ generation = '2'; version = '2.5.1'; path = 'nacos/v1/console/server/state' }
        @{ generation = '3'; version = '3.0.3'; path = 'nacos/v3/admin/core/state' }
        @{ generation = '3.2'; version = '3.2.0'; path = 'nacos/v3/admin/core/state' }
    ) {
        $server = Start-AcmServer -InMemory -NacosGeneration $generation

        $state = Invoke-RestMethod ([uri]::new($server.Uri, $path))

        $(if ($state.data) { $state.data } else { $state }).version | Should -Be $version
        $server.GrpcPort | Should -Be $(if ($generation -ne '1') { $server.Port + 1000 })
    }

    It '-NacosGeneration none serves only ACM' {
        $server = Start-AcmServer -InMemory -NacosGeneration none

        $server.GrpcPort | Should -BeNullOrEmpty
        { Invoke-RestMethod ([uri]::new($server.Uri, 'nacos/v3/admin/core/state')) } | Should -Throw '*404*'
        $null = $server | Connect-Acm
        Set-AcmConfig a.yaml 'x'
        Get-AcmConfig a.yaml -Raw | Should -Be 'x'
    }

    It '-ServerType Nacos makes Connect-Acm use Nacos' {
        $server = Start-AcmServer -InMemory -ServerType Nacos

        $session = $server | Connect-Acm

        $server.ServerType | Should -Be 'Nacos'
        $server.Direct | Should -BeTrue
        $session.ServerType | Should -Be 'Nacos'
        $session.Direct | Should -BeTrue
        $session.SnapshotPath | Should -BeNullOrEmpty
        Set-AcmConfig a.yaml 'x'
        Get-AcmConfig a.yaml -Raw | Should -Be 'x'
    }

    It '-Credential requires a login from Nacos clients' {
        $user = [pscredential]::new('ops', (ConvertTo-Secret 'the-password'))
        $other = [pscredential]::new('ops', (ConvertTo-Secret 'another'))
        $server = Start-AcmServer -InMemory -ServerType Nacos -Credential $user

        $null = Connect-Acm -Server $server.Endpoint -ServerType Nacos -Credential $user -NoSnapshot
        Set-AcmConfig a.yaml 'x'

        Get-AcmConfig a.yaml -Raw | Should -Be 'x'
        { Get-AcmConfig a.yaml -Session (Connect-Acm -Server $server.Endpoint -ServerType Nacos -Credential $other -NoSnapshot) -ErrorAction Stop } | Should -Throw -ErrorId 'AcmAuthenticationFailed,*'
        { Invoke-RestMethod ([uri]::new($server.Uri, 'nacos/v3/admin/cs/config?dataId=a.yaml&groupName=DEFAULT_GROUP')) } | Should -Throw '*403*'
    }

    It '-Detach keeps it running until it is stopped' {
        $server = Start-AcmServer -InMemory -Detach
        try {
            $server.Detached | Should -BeTrue
            Stop-AcmServer

            $server.HasExited | Should -BeFalse
        }
        finally {
            Stop-AcmServer $server
        }
        $server.HasExited | Should -BeTrue
    }

    It '-WhatIf starts nothing' {
        Start-AcmServer -DataPath TestDrive:/none/acm.db -WhatIf | Should -BeNullOrEmpty

        'TestDrive:/none' | Should -Not -Exist
    }

    It 'reports why it failed to start' {
        $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $listener.Start()
        $port = $listener.LocalEndpoint.Port
        try { $failure = { Start-AcmServer -InMemory -Port $port -ErrorAction Stop } | Should -Throw -ErrorId 'AcmServerStartFailed,AcmPowerShell.StartAcmServerCommand' -PassThru }
        finally { $listener.Stop() }

        $failure.CategoryInfo.Category | Should -Be 'OpenError'
        $failure.Exception.Message | Should -Match $port
    }

    It 'rejects <what>' -ForEach @(
        @{ what = 'an access key alone'; parameters = @{ InMemory = $true; AccessKey = 'a' } }
        @{ what = 'a type of server that it does not speak'; parameters = @{ InMemory = $true; NacosGeneration = 'none'; ServerType = 'Nacos' } }
        @{ what = 'a data file that is none'; parameters = @{ DataPath = 'variable:x' } }
    ) {
        { Start-AcmServer @parameters } | Should -Throw -ErrorId 'AcmInvalidParameter,*'
    }
}
