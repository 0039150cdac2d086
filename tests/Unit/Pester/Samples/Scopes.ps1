[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseDeclaredVarsMoreThanAssignments', '', Justification = 'It is about variables that another block uses.')]
param()

$discovered = 'discovery'

BeforeAll {
    function Get-Seven { 7 }
    $fromFile = 'file'
}

Describe 'outer' {
    BeforeAll { $fromOuter = 'outer' }
    BeforeEach { $fresh = [Collections.Generic.List[string]]::new() }

    It 'sees what the blocks around it set up' {
        $fromOuter | Should -Be 'outer'
        $fromFile | Should -Be 'file'
        Get-Seven | Should -Be 7
    }

    It 'changes a variable for itself' {
        $fromOuter = 'changed'
        $fresh.Add('one')
        $fromOuter | Should -Be 'changed'
        $fresh | Should -HaveCount 1
    }

    It 'sees nothing of the test before it' {
        $fromOuter | Should -Be 'outer'
        $fresh | Should -HaveCount 0
    }

    It 'sees nothing of the discovery' { $discovered | Should -BeNullOrEmpty }

    Context 'inner <_>' -ForEach 'x', 'y' {
        BeforeAll { $fromOuter = "inner $_" }

        It 'sees the block that is nearest' { $fromOuter | Should -Be "inner $_" }
        It 'sees the item of the block' { $_ | Should -BeIn x, y }
        It 'sees its own item first' -ForEach 'own' { $_ | Should -Be 'own' }
        It 'takes the entries of its case as parameters' -ForEach @{ first = 1; second = 2 } {
            param($first, $second)
            $first + $second | Should -Be 3
        }
    }

    It 'sees nothing of a block beside it' { $fromOuter | Should -Be 'outer' }
}

Describe 'another' {
    It 'sees the file and not its neighbour' { "$fromFile $fromOuter" | Should -Be 'file ' }
}
