BeforeAll {
    . "$PSScriptRoot/common.ps1"
    Set-AcmConfig app.yaml 'a: 1'
    Register-AcmWatcher app.yaml, later.yaml -SourceIdentifier first
    Register-AcmWatcher app.yaml -Group G -SourceIdentifier second
}

AfterAll {
    Unregister-AcmWatcher -SourceIdentifier *
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'Get-AcmWatcher' {
    It 'writes an object for each key of each subscription' {
        $watchers = Get-AcmWatcher

        $watchers | ForEach-Object { "$($_.SourceIdentifier) $_" } | Sort-Object |
            Should -Be 'first DEFAULT_GROUP/app.yaml', 'first DEFAULT_GROUP/later.yaml', 'second G/app.yaml'
        $watchers[0] | Should -BeOfType ([AcmPowerShell.AcmWatcher])
    }

    It 'finds <found> by <what>' -ForEach @(
        @{ what = 'data id'; parameters = @{ DataId = 'app*' }; found = 'DEFAULT_GROUP/app.yaml', 'G/app.yaml' }
        @{ what = 'group'; parameters = @{ Group = 'G' }; found = 'G/app.yaml' }
        @{ what = 'subscription'; parameters = @{ SourceIdentifier = 'f*' }; found = 'DEFAULT_GROUP/app.yaml', 'DEFAULT_GROUP/later.yaml' }
        @{ what = 'a name that is not watched'; parameters = @{ DataId = 'other.yaml' }; found = @() }
    ) {
        Get-AcmWatcher @parameters | ForEach-Object { "$_" } | Sort-Object | Should -Be $found
    }

    It 'tells how it goes' {
        $null = Receive-Event first

        # An event is counted when it has been raised, before the subscription's next one is.
        Set-AcmConfig later.yaml 'a: 1'
        $null = Receive-Event first
        $watcher = Get-AcmWatcher app.yaml DEFAULT_GROUP

        $watcher.EventsDelivered | Should -Be 1
        $watcher.LastChange | Should -Not -BeNullOrEmpty
        $watcher.LastError | Should -BeNullOrEmpty
        $watcher.PreviousError | Should -BeNullOrEmpty
        $watcher.ErrorTime | Should -BeNullOrEmpty
        $watcher.SubscriptionId | Should -Be (Get-EventSubscriber -SourceIdentifier first).SubscriptionId
    }

    It 'tells the transport, and why Windows PowerShell does not use gRPC' {
        $nacos = Connect-Acm -Server $server.Endpoint -NoSnapshot -NoDefault
        Set-AcmConfig nacos.yaml 'a: 1' -Session $nacos
        Register-AcmWatcher nacos.yaml -SourceIdentifier nacos -Session $nacos

        $watcher = Wait-Watcher nacos

        if ($PSVersionTable.PSEdition -eq 'Desktop' -or $env:ACM_FLAVOUR) { $transport, $reason = 'LongPoll', 'gRPC needs PowerShell 7.' }
        else { $transport, $reason = 'Grpc', '' }
        "$($watcher.Transport)" | Should -Be $transport
        "$($watcher.TransportReason)" | Should -Be $reason
    }
}
