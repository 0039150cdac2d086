BeforeDiscovery {
    $script:assertions = @(
        { 'a' | Should -Be 'b' }
        { 'a' | Should -Not -Be 'A' }
        { 1, 2 | Should -Be 2, 1 }
        { 1, 2 | Should -Be 1 }
        { $null | Should -Be '' }
        { 0 | Should -Be $null }
        { 'a' | Should -BeExactly 'A' }
        { 'a' | Should -BeNullOrEmpty }
        { 1, 2 | Should -BeNullOrEmpty }
        { $null | Should -Not -BeNullOrEmpty }
        { $null | Should -BeTrue }
        { 1 | Should -BeFalse }
        { 1 | Should -BeGreaterThan 1 }
        { 3, 1 | Should -BeGreaterThan 2 }
        { 1 | Should -BeLessThan 1 }
        { 'a' | Should -BeIn 'b', 'c' }
        { 'a' | Should -BeLike 'b*' }
        { 'a' | Should -BeOfType [int] }
        { 'a' | Should -BeOfType [no.such.type] }
        { 1, 2 | Should -Contain 3 }
        { 1, 2 | Should -Not -Contain 1 }
        { 'TestDrive:/none' | Should -Exist }
        { 1, 2 | Should -HaveCount 1 }
        { @() | Should -Not -HaveCount 0 }
        { 'a' | Should -Match '^b' }
        { { 1 } | Should -Throw }
        { { throw 'x' } | Should -Not -Throw }
        { { throw 'x' } | Should -Throw 'y' }
        { { throw 'x' } | Should -Throw -ErrorId 'other' }
        { { throw 'x' } | Should -Throw -ExceptionType ([IO.IOException]) }
        { 'no block' | Should -Throw }
        { 1 | Should }
        { 1 | Should -Unknown 1 }
        { Get-NothingOfTheName }
        { throw 'thrown' }
        { Test-Path -Nonsense 1 }
    )
}

Describe 'what fails' {
    It '<_>' -ForEach $assertions { & $_ }
}
