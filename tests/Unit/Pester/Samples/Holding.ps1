Describe 'what holds' {
    It 'Be' {
        'A' | Should -Be 'a'
        1 | Should -Be '1'
        1, @(2, 3) | Should -Be 1, @(2, 3)
        $null | Should -Be $null
        @() | Should -Be $null
        @() | Should -Be @()
        'x' | Should -Be @('x')
        1, 2 | Should -Not -Be 1
        Should -Be $null
    }
    It 'BeExactly' { 'a' | Should -BeExactly 'a'; 'A' | Should -Not -BeExactly 'a' }
    It 'BeNullOrEmpty' { $null, '', @(), @{} | ForEach-Object { , $_ | Should -BeNullOrEmpty }; ' ' | Should -Not -BeNullOrEmpty; 0 | Should -Not -BeNullOrEmpty }
    It 'BeTrue and BeFalse' { 1 | Should -BeTrue; '' | Should -BeFalse; $null | Should -BeFalse; 0 | Should -Not -BeTrue }
    It 'BeGreaterThan and BeLessThan' { 2 | Should -BeGreaterThan 1; 1 | Should -BeLessThan 2; 1 | Should -Not -BeLessThan 1; 3, 4 | Should -BeGreaterThan 2 }
    It 'BeIn' { 'B' | Should -BeIn 'a', 'b'; 'c' | Should -Not -BeIn 'a', 'b' }
    It 'BeLike' { 'abc' | Should -BeLike 'A*'; 'abc' | Should -Not -BeLike 'b*'; 'a1', 'a2' | Should -BeLike 'a?' }
    It 'BeOfType' { 1 | Should -BeOfType [int]; 'x' | Should -BeOfType ([string]); $null | Should -Not -BeOfType [string]; 1, 2 | Should -BeOfType 'System.Int32' }
    It 'Contain' { 1, 2 | Should -Contain 2; 'A' | Should -Contain 'a'; 1, 2 | Should -Not -Contain 3 }
    It 'Exist' { 'TestDrive:/' | Should -Exist; 'TestDrive:/none' | Should -Not -Exist }
    It 'HaveCount' { 1, 2 | Should -HaveCount 2; @() | Should -HaveCount 0; 'x' | Should -HaveCount 1; 1 | Should -Not -HaveCount 2 }
    It 'Match' { 'abc' | Should -Match '^A'; 'abc' | Should -Not -Match '^b' }
    It 'Throw' {
        { throw 'it broke [1]' } | Should -Throw
        { throw 'it broke' } | Should -Throw 'it*'
        { throw 'it broke' } | Should -Throw -ExpectedMessage 'it b*' -ExceptionType ([Exception])
        { 'x'.Nothing() } | Should -Throw -ErrorId 'MethodNotFound'
        { Test-Path nowhere: -PathType Nonsense } | Should -Throw -ErrorId 'CannotConvertArgument*' -Because 'there is no such type'
        { 1 } | Should -Not -Throw
        { break } | Should -Not -Throw
        ({ throw 'mine' } | Should -Throw -PassThru).Exception.Message | Should -Be 'mine'
    }
    It 'a block for -Throw sees the variables of the test only' {
        $Operator = 'mine'
        { if ($Operator -ne 'mine' -or $ErrorId -or $Because) { throw "$Operator $ErrorId $Because" } } | Should -Not -Throw -Because 'it is hidden'
    }
}
