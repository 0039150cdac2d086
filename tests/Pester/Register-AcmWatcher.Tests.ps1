BeforeAll {
    . "$PSScriptRoot/common.ps1"
}

AfterAll {
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'Register-AcmWatcher' {
    AfterEach {
        Unregister-AcmWatcher -SourceIdentifier *
        Remove-AcmConfig -DataId * -Group * -Force
        Remove-Event -SourceIdentifier *
    }

    Context 'without an action' {
        It 'queues the initial value, changes and the removal for Wait-Event' {
            Set-AcmConfig app.yaml 'a: 1'

            Register-AcmWatcher -DataId app.yaml -SourceIdentifier app -MessageData 42 | Should -BeNullOrEmpty
            $initial = Receive-Event app
            Set-AcmConfig app.yaml 'a: 2'
            $changed = Receive-Event app
            Remove-AcmConfig app.yaml
            $removed = Receive-Event app

            "$($initial.SourceEventArgs)" | Should -Be 'Initial DEFAULT_GROUP/app.yaml'
            $initial.MessageData | Should -Be 42
            $initial.SourceEventArgs.Content | Should -Be 'a: 1'
            $changed.SourceEventArgs.PSTypeNames | Should -Contain 'AcmPowerShell.AcmConfigChange'
            "$($changed.SourceEventArgs.Kind)" | Should -Be 'Changed'
            $changed.SourceEventArgs.Content, $changed.SourceEventArgs.PreviousContent | Should -Be 'a: 2', 'a: 1'
            "$($removed.SourceEventArgs.Kind)" | Should -Be 'Removed'
            $removed.SourceEventArgs.Content | Should -BeNullOrEmpty
        }

        It 'raises events for changes only with -NoInitial, in their order' {
            Set-AcmConfig app.yaml 'a: 1'

            Register-AcmWatcher app.yaml -NoInitial -SourceIdentifier app
            Set-AcmConfig app.yaml 'a: 2'
            (Receive-Event app).SourceEventArgs.Content | Should -Be 'a: 2'
            Set-AcmConfig app.yaml 'a: 3'
            (Receive-Event app).SourceEventArgs.Content | Should -Be 'a: 3'
        }

        It 'raises no event for the same content with -IncludeMetadata' {
            Set-AcmConfig app.yaml 'a: 1'

            Register-AcmWatcher app.yaml -NoInitial -IncludeMetadata -SourceIdentifier app
            Set-AcmConfig app.yaml 'a: 1'
            Set-AcmConfig app.yaml 'a: 2'
            (Receive-Event app).SourceEventArgs.Content | Should -Be 'a: 2'
        }

        It 'watches a name that does not exist yet' {
            Register-AcmWatcher later.yaml -NoInitial -SourceIdentifier later

            Set-AcmConfig later.yaml 'x'

            "$((Receive-Event later).SourceEventArgs)" | Should -Be 'Changed DEFAULT_GROUP/later.yaml'
        }

        It 'creates one subscription for names, wildcards and piped keys' {
            Set-AcmConfig a.yaml '1'
            Set-AcmConfig b.yaml '1'
            Set-AcmConfig c.yaml '1' -Group G

            @(Find-AcmConfig -DataId c* -Group G) + 'a.yaml', 'b*' | Register-AcmWatcher -SourceIdentifier all

            1..3 | ForEach-Object { "$((Receive-Event all).SourceEventArgs)" } | Sort-Object |
                Should -Be 'Initial DEFAULT_GROUP/a.yaml', 'Initial DEFAULT_GROUP/b.yaml', 'Initial G/c.yaml'
            @(Get-EventSubscriber -SourceIdentifier all) | Should -HaveCount 1
            @(Get-AcmWatcher -SourceIdentifier all) | Should -HaveCount 3
        }

        It 'ends after -MaxTriggerCount events' {
            Set-AcmConfig app.yaml 'a: 1'

            Register-AcmWatcher app.yaml -SourceIdentifier once -MaxTriggerCount 1
            $null = Receive-Event once

            Get-AcmWatcher | Should -BeNullOrEmpty
        }

        It 'also watches new names that match a wildcard' {
            Set-AcmConfig app.yaml 'a: 1'

            Register-AcmWatcher 'new*', 'app.yaml' -SourceIdentifier app -NoInitial -PollIntervalSec 0.1 -WarningVariable warnings -WarningAction SilentlyContinue
            Set-AcmConfig new.yaml 'b: 1'
            $added = (Receive-Event app).SourceEventArgs
            Set-AcmConfig new.yaml 'b: 2'
            $changed = (Receive-Event app).SourceEventArgs

            $warnings | Should -HaveCount 1
            "$added", "$changed" | Should -Be 'Added DEFAULT_GROUP/new.yaml', 'Changed DEFAULT_GROUP/new.yaml'
            (Get-AcmWatcher).DataId | Should -Be 'app.yaml', 'new.yaml'
        }
    }

    Context 'with an action' {
        It 'returns a job with the output of the action' {
            Set-AcmConfig app.yaml 'a: 1'

            $job = Register-AcmWatcher app.yaml -SourceIdentifier app -Action {
                "$($EventArgs.Kind): $($EventArgs.Content)"
                $null = $ExecutionContext.Events.GenerateEvent('acted', $null, @(), $null, $true, $false)
            }
            $null = Receive-Event acted
            Set-AcmConfig app.yaml 'a: 2'
            $null = Receive-Event acted

            $job.GetType().Name | Should -Be 'PSEventJob'
            $job.Output | ForEach-Object { "$_" } | Should -Be 'Initial: a: 1', 'Changed: a: 2'
        }

        It 'is hidden with -SupportEvent, and returns no job' {
            Register-AcmWatcher app.yaml -SourceIdentifier hidden -SupportEvent -Action { } | Should -BeNullOrEmpty

            @(Get-EventSubscriber) | Should -HaveCount 0
        }
    }

    Context 'an error' {
        It 'ends the command for <id>' -ForEach @(
            @{ id = 'AcmSubscriberExists'; parameters = @{ DataId = 'app.yaml'; SourceIdentifier = 'taken' }; category = 'ResourceExists' }
            @{ id = 'AcmInvalidParameter'; parameters = @{ DataId = 'app.yaml'; Forward = $true; Action = { } }; category = 'InvalidArgument' }
        ) {
            Register-AcmWatcher other.yaml -SourceIdentifier taken

            $failure = { Register-AcmWatcher @parameters } | Should -Throw -ErrorId "$id,AcmPowerShell.RegisterAcmWatcherCommand" -PassThru

            $failure.CategoryInfo.Category | Should -Be $category
        }

        It 'is written for an invalid name, and the others are watched' {
            Register-AcmWatcher 'a b', 'app.yaml' -SourceIdentifier app -ErrorVariable failures -ErrorAction SilentlyContinue

            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -Be 'AcmInvalidKey,AcmPowerShell.RegisterAcmWatcherCommand'
            (Get-AcmWatcher).DataId | Should -Be 'app.yaml'
        }
    }
}
