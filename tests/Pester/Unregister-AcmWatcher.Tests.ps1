BeforeAll {
    . "$PSScriptRoot/common.ps1"
}

AfterAll {
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'Unregister-AcmWatcher' {
    BeforeEach {
        Register-AcmWatcher a.yaml, b.yaml -SourceIdentifier first
        Register-AcmWatcher a.yaml -SourceIdentifier second
    }

    AfterEach {
        Unregister-AcmWatcher -SourceIdentifier *
    }

    It 'removes a data ID from the oldest subscription' {
        Unregister-AcmWatcher -DataId a.yaml | Should -BeNullOrEmpty

        Get-AcmWatcher | ForEach-Object { "$($_.SourceIdentifier) $($_.DataId)" } | Should -Be 'first b.yaml', 'second a.yaml'
    }

    It '-All removes it from each subscription, which ends with its last key' {
        Unregister-AcmWatcher a.yaml DEFAULT_GROUP -Namespace '' -All

        Get-AcmWatcher | ForEach-Object { "$($_.SourceIdentifier) $($_.DataId)" } | Should -Be 'first b.yaml'
        @(Get-EventSubscriber).SourceIdentifier | Should -Be 'first'
    }

    It '-SourceIdentifier ends whole subscriptions' {
        Unregister-AcmWatcher -SourceIdentifier fir*

        @(Get-EventSubscriber).SourceIdentifier | Should -Be 'second'
    }

    It 'accepts the output of Get-AcmWatcher' {
        Get-AcmWatcher -SourceIdentifier first | Unregister-AcmWatcher

        @(Get-AcmWatcher).SourceIdentifier | Should -Be 'second'
    }

    It 'removes wildcard matches from each subscription' {
        Unregister-AcmWatcher b*

        Get-AcmWatcher | ForEach-Object { "$($_.SourceIdentifier) $($_.DataId)" } | Should -Be 'first a.yaml', 'second a.yaml'

        Unregister-AcmWatcher * DEFAULT*

        Get-AcmWatcher | Should -BeNullOrEmpty
        Get-EventSubscriber | Should -BeNullOrEmpty
    }

    It 'matches wildcards in DEFAULT_GROUP, where no match is not an error' {
        Register-AcmWatcher c.yaml OTHER -SourceIdentifier third

        Unregister-AcmWatcher * -ErrorAction Stop
        Unregister-AcmWatcher none* -ErrorAction Stop

        @(Get-AcmWatcher).DataId | Should -Be 'c.yaml'
    }

    It '-WhatIf ends nothing' {
        Unregister-AcmWatcher a.yaml -All -WhatIf
        Unregister-AcmWatcher -SourceIdentifier * -WhatIf
        Get-AcmWatcher | Unregister-AcmWatcher -WhatIf

        @(Get-AcmWatcher) | Should -HaveCount 3
    }

    It 'raises no event for a removed key' {
        Set-AcmConfig b.yaml 'x'
        $null = Receive-Event first
        Unregister-AcmWatcher b.yaml

        Set-AcmConfig b.yaml 'y'
        Set-AcmConfig a.yaml 'z'
        $next = Receive-Event first

        $next.SourceEventArgs.DataId | Should -Be 'a.yaml'
    }

    It 'writes an error for a key that is not watched' {
        Unregister-AcmWatcher other.yaml -ErrorVariable failures -ErrorAction SilentlyContinue
        Unregister-AcmWatcher -SourceIdentifier other -ErrorVariable +failures -ErrorAction SilentlyContinue

        $failures | Should -HaveCount 2
        $failures.FullyQualifiedErrorId | Should -BeLike 'AcmWatcherNotFound,*'
        $failures[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
    }
}
