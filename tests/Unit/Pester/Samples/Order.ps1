BeforeAll { $script:steps = [Collections.Generic.List[string]]::new(); $script:steps.Add('file') }

Describe 'outer' {
    BeforeAll { $script:steps.Add('outer') }
    BeforeEach { $script:steps.Add('each in outer') }
    AfterEach { $script:steps.Add('after in outer') }
    AfterAll { $script:steps.Add('end of outer') }

    Context 'inner' {
        BeforeAll { $script:steps.Add('inner') }
        BeforeEach { $script:steps.Add('each in inner') }
        AfterEach { $script:steps.Add('after in inner') }
        AfterAll { $script:steps.Add('end of inner') }
        It 'first' { $script:steps.Add('first') }
    }

    Context 'without tests' {
        BeforeAll { $script:steps.Add('never') }
    }

    It 'second' { $script:steps.Add('second') }
}

Describe 'the record' {
    It 'is in order' {
        $script:steps | Should -Be @(
            'file', 'outer', 'inner', 'each in outer', 'each in inner', 'first', 'after in inner', 'after in outer', 'end of inner'
            'each in outer', 'second', 'after in outer', 'end of outer'
        )
    }
}
