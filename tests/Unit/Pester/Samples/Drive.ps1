Describe 'TestDrive' {
    BeforeAll { Set-Content -Path TestDrive:/outer.txt -Value 'outer' }

    It 'is a folder of the file system' { Test-Path -LiteralPath "$TestDrive/outer.txt" | Should -BeTrue }

    Context 'inner' {
        It 'keeps files from test to test' { Set-Content -Path TestDrive:/inner.txt -Value 'inner'; 'TestDrive:/outer.txt' | Should -Exist }
        It 'of one block' { 'TestDrive:/inner.txt' | Should -Exist }
    }

    It 'loses what an inner block made' {
        'TestDrive:/inner.txt' | Should -Not -Exist
        'TestDrive:/outer.txt' | Should -Exist
    }
}

Describe 'another block' {
    It 'finds it empty' { @(Get-ChildItem -Path TestDrive:/) | Should -HaveCount 0 }
}
