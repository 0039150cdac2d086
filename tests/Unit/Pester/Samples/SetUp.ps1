Describe 'BeforeAll throws' {
    BeforeAll { throw 'no set-up' }
    It 'fails' { 1 | Should -Be 1 }
    Context 'inner' { It 'fails as well' { 1 | Should -Be 1 } }
}

Describe 'BeforeEach throws' {
    BeforeEach { throw 'no set-up' }
    It 'fails' { 1 | Should -Be 1 }
}

Describe 'AfterEach throws' {
    AfterEach { throw 'no clean-up' }
    It 'fails' { 1 | Should -Be 1 }
}

Describe 'a written error' {
    It 'does not fail a test' { Get-ChildItem -Path TestDrive:/none -ErrorAction SilentlyContinue; 1 | Should -Be 1 }
}

Describe 'a stray word' {
    It 'break does not leave the run' { break }
    It 'return ends its test' { return }
    It 'runs the next' { 1 | Should -Be 1 }
}
