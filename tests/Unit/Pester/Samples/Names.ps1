BeforeDiscovery {
    $script:people = @(
        @{ name = 'Ann'; address = @{ town = 'Bern' } }
        @{ name = 'Bo'; address = @{ town = 'Como' } }
    )
}

Describe 'block <_>' -ForEach 'one', 'two' {
    BeforeAll { $script:prepared = "prepared $_" }

    It '<name> of <address.town>' -ForEach $people { $name | Should -Be $_.name }
    It 'is <prepared>' { $prepared | Should -BeLike 'prepared *' }
    It 'item <_.Length>' -ForEach 'abc' { $_ | Should -Be 'abc' }
}

Context 'a context is a block' {
    It 'costs $5 or "six", `<not a template`>' { $true | Should -BeTrue }
    It 'has <absent>nothing' { $true | Should -BeTrue }
    It 'array <_>' -TestCases (1..2) { $_ | Should -BeIn 1, 2 }
}
