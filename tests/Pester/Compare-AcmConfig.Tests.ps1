BeforeAll {
    . "$PSScriptRoot/common.ps1"

    $folder = Join-Path ([IO.Path]::GetTempPath()) ('acm-compare-' + [guid]::NewGuid().ToString('N'))
    $null = [IO.Directory]::CreateDirectory("$folder/SHOP")
    [IO.File]::WriteAllText("$folder/same", 's')
    [IO.File]::WriteAllText("$folder/changed", "new`n")
    [IO.File]::WriteAllText("$folder/SHOP/added", "a`n")
    Set-AcmConfig same 's'
    Set-AcmConfig changed "old`n"
    Set-AcmConfig removed "r`n"
    Set-AcmConfig same 's' -Namespace compared
}

AfterAll {
    if ([IO.Directory]::Exists($folder)) { [IO.Directory]::Delete($folder, $true) }
    Disconnect-Acm
    Stop-AcmServer
}

Describe 'Compare-AcmConfig' {
    It 'compares a folder with the session, as an import would' {
        Compare-AcmConfig $folder | ForEach-Object { "$_ $($_.State)" } |
            Should -Be 'DEFAULT_GROUP/changed Changed', 'DEFAULT_GROUP/removed Removed', 'SHOP/added Added'
    }

    It 'compares two namespaces, as a copy would' {
        Compare-AcmConfig -ToNamespace compared | ForEach-Object { "$_ $($_.State)" } |
            Should -Be 'DEFAULT_GROUP/changed Added', 'DEFAULT_GROUP/removed Added'
    }

    It 'compares two folders without a server' {
        Compare-AcmConfig $folder $folder | Should -BeNullOrEmpty
        Compare-AcmConfig $folder $folder -Quiet | Should -BeTrue
    }

    It 'returns equal configurations with -IncludeEqual' {
        Compare-AcmConfig $folder -DataId same | Should -BeNullOrEmpty

        $equal = Compare-AcmConfig $folder -DataId same -IncludeEqual

        $equal.State | Should -Be 'Unchanged'
        $equal.Diff | Should -Be ''
    }

    It 'ignores configurations of the second side only with -IgnoreExtra' {
        Compare-AcmConfig $folder -IgnoreExtra | ForEach-Object { "$_ $($_.State)" } | Should -Be 'DEFAULT_GROUP/changed Changed', 'SHOP/added Added'
        Compare-AcmConfig -Namespace compared -ToNamespace '' -Quiet | Should -BeFalse
        Compare-AcmConfig -Namespace compared -ToNamespace '' -Quiet -IgnoreExtra | Should -BeTrue
    }

    It 'accepts group/dataId' {
        Compare-AcmConfig $folder -DataId SHOP/added, DEFAULT_GROUP/changed | ForEach-Object { "$_" } | Should -Be 'DEFAULT_GROUP/changed', 'SHOP/added'
        { Compare-AcmConfig $folder -DataId SHOP/changed -ErrorAction Stop } | Should -Throw -ErrorId 'AcmConfigNotFound,*'
    }

    It 'returns each difference as a unified diff' {
        $difference = Compare-AcmConfig $folder -DataId changed

        $difference.Diff | Should -BeLike "*@@ -1 +1 @@`n-old`n+new`n"
        $difference.AddedLines | Should -Be 1
        $difference.RemovedLines | Should -Be 1
    }

    It 'returns only whether both are equal with -Quiet' {
        Compare-AcmConfig $folder -Quiet | Should -BeFalse
        Compare-AcmConfig $folder -DataId same -Quiet | Should -BeTrue
    }

    It 'rejects parameters that do not specify two sides' {
        { Compare-AcmConfig } | Should -Throw -ErrorId 'AcmInvalidParameter,*'
        { Compare-AcmConfig $folder $folder -ToNamespace compared } | Should -Throw -ErrorId 'AcmInvalidParameter,*'
    }

    It 'compares a version, and the state before the last change, with the current one' {
        Set-AcmConfig versioned.yaml 'a: 1'
        Set-AcmConfig versioned.yaml 'a: 2'

        (Compare-AcmConfig -DataId versioned.yaml -Previous).Lines | Should -Be '+1 -1'
        Compare-AcmConfig -DataId versioned.yaml -Version (Get-AcmConfigHistory versioned.yaml)[0].Version -Quiet | Should -BeTrue
    }
}
