Describe 'AfterAll throws' {
    AfterAll { throw 'no clean-up' }
    It 'passes' { 1 | Should -Be 1 }
}
