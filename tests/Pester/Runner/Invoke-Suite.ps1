<#
.SYNOPSIS
    Runs one suite of Pester's language where Pester is not installed, and writes a result for each test.
.DESCRIPTION
    A stand-in for the part of Pester 5 that the suites beside it use. Whatever it does not know is an error. It ends with 1 if a
    test, or a block around tests, has failed.

    The functions here are no module's on purpose: a block's set-up runs in the scope of the function that runs the block, and what
    stands in it is called from there, so that a test sees the variables of the blocks around it and no others. Their own variables
    have a prefix that no suite uses.
.EXAMPLE
    dotnet run --project tools/AcmShell -- -NoModule tests/Pester/Runner/Invoke-Suite.ps1 tests/Pester/Get-AcmConfig.Tests.ps1
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string] $Path,

    # File for the results, one JSON object a line, written as the tests end.
    [string] $ResultPath
)

# Sets the variables of a case and runs a body with them: the discovery's way into a block.
function Invoke-SuiteBody {
    param($__suiteRow, $__suiteBody)

    foreach ($__suitePair in Get-SuiteVariable $__suiteRow) { $ExecutionContext.SessionState.PSVariable.Set($__suitePair.Key, $__suitePair.Value) }
    . $__suiteBody
}

function Invoke-SuiteBlock {
    param($__suiteBlock)

    if (-not (Test-SuiteBlock $__suiteBlock)) { return }
    foreach ($__suitePair in Get-SuiteVariable $__suiteBlock.Row) { $ExecutionContext.SessionState.PSVariable.Set($__suitePair.Key, $__suitePair.Value) }
    $__suiteFiles = Get-SuiteFile
    try {
        # The loop keeps a stray break from ending the run.
        do {
            if ($__suiteBlock.BeforeAll) { $null = . $__suiteBlock.BeforeAll }
            $__suiteBlock.ExpandedName = & (Get-SuiteName $__suiteBlock)
        } until ($true)

        foreach ($__suiteItem in $__suiteBlock.Items) {
            if ($__suiteItem.Kind -eq 'Test') { Invoke-SuiteTest $__suiteItem } else { Invoke-SuiteBlock $__suiteItem }
        }
    }
    catch {
        Write-SuiteFailure $__suiteBlock $_
    }

    try {
        if ($__suiteBlock.AfterAll) { do { $null = . $__suiteBlock.AfterAll } until ($true) }
    }
    catch {
        Write-SuiteResult $__suiteBlock $_
    }
    Clear-SuiteFile $__suiteFiles
}

function Invoke-SuiteTest {
    param($__suiteTest)

    foreach ($__suitePair in Get-SuiteVariable $__suiteTest.Row) { $ExecutionContext.SessionState.PSVariable.Set($__suitePair.Key, $__suitePair.Value) }
    $__suiteSplat = if ($__suiteTest.Row.Data -is [Collections.IDictionary]) { $__suiteTest.Row.Data } else { @{} }
    $__suiteError = $null
    try {
        do {
            foreach ($__suiteStep in Get-SuiteStep $__suiteTest BeforeEach) { $null = . $__suiteStep }
            $__suiteTest.ExpandedName = & (Get-SuiteName $__suiteTest)
            $null = . $__suiteTest.Body @__suiteSplat
        } until ($true)
    }
    catch {
        $__suiteError = $_
    }

    try {
        do {
            foreach ($__suiteStep in Get-SuiteStep $__suiteTest AfterEach) { $null = . $__suiteStep }
        } until ($true)
    }
    catch {
        if (-not $__suiteError) { $__suiteError = $_ }
    }
    Write-SuiteResult $__suiteTest $__suiteError
}

# What a case brings in as variables: itself as $_, and the entries of a dictionary.
function Get-SuiteVariable {
    param($Row)

    if (-not $Row.HasData) { return }
    [Collections.Generic.KeyValuePair[string, object]]::new('_', $Row.Data)
    if ($Row.Data -is [Collections.IDictionary]) { $Row.Data.GetEnumerator() }
}

# A string with the <templates> of the name as expressions, to be run where the variables are.
function Get-SuiteName {
    param($Item)

    $text = $Item.Name -replace '`(?!<|>)', '``' -replace '\$', '`$' -replace '"', '`"' -replace '(?<!`)<([^>^`]+)>', '$$($$$1)'
    [scriptblock]::Create("`"$text`"")
}

# The steps of the blocks around a test: set-up from the outside in, clean-up from the inside out.
function Get-SuiteStep {
    param($Test, [string] $Kind)

    $steps = [Collections.Generic.List[scriptblock]]::new()
    for ($block = $Test.Parent; $block; $block = $block.Parent) {
        if ($block.$Kind) { $steps.Add($block.$Kind) }
    }
    if ($Kind -eq 'BeforeEach') { $steps.Reverse() }
    $steps
}

# A block without a test below it runs nothing at all.
function Test-SuiteBlock {
    param($Block)

    foreach ($item in $Block.Items) {
        if ($item.Kind -eq 'Test' -or (Test-SuiteBlock $item)) { return $true }
    }
    $false
}

# A set-up that fails is a failure of each test that it was for.
function Write-SuiteFailure {
    param($Block, $Failure)

    foreach ($item in $Block.Items) {
        if ($item.Kind -eq 'Test') { Write-SuiteResult $item $Failure } else { Write-SuiteFailure $item $Failure }
    }
}

function Write-SuiteResult {
    param($Item, $Failure)

    $names = for ($block = $Item.Parent; $block -and $block.Kind -ne 'Root'; $block = $block.Parent) { $block.ExpandedName }
    if ($names) { [array]::Reverse(($names = @($names))) }
    $result = [pscustomobject]@{
        Kind = $Item.Kind
        Line = $Item.Line
        Block = $names -join '.'
        Name = $Item.ExpandedName
        Outcome = if ($Failure) { 'Failed' } else { 'Passed' }
        Message = if ($Failure) { Get-SuiteMessage $Failure } else { '' }
    }
    $__suiteResults.Add($result)
    if ($__suiteLog) { [IO.File]::AppendAllText($__suiteLog, "$($result | ConvertTo-Json -Compress)`n") }
}

# What went wrong and where; of the calls that led there only those in the suite's own folder are worth a line.
function Get-SuiteMessage {
    param($Failure)

    $folder = [IO.Path]::GetDirectoryName($__suiteFile) + [IO.Path]::DirectorySeparatorChar
    $runner = $PSScriptRoot + [IO.Path]::DirectorySeparatorChar
    $calls = $Failure.ScriptStackTrace -split '\r?\n' | Where-Object { $_.Contains($folder) -and -not $_.Contains($runner) }
    @($Failure.Exception.Message) + $calls -join "`n"
}

function Get-SuiteFile { [IO.Directory]::GetFileSystemEntries($TestDrive, '*', 'AllDirectories') }

# What a block left in TestDrive: goes with it.
function Clear-SuiteFile {
    param([string[]] $Kept)

    foreach ($entry in Get-SuiteFile) {
        if ($entry -in $Kept) { continue }
        if ([IO.File]::Exists($entry)) { [IO.File]::Delete($entry) }
        elseif ([IO.Directory]::Exists($entry)) { [IO.Directory]::Delete($entry, $true) }
    }
}

Import-Module "$PSScriptRoot/Suite.psm1", "$PSScriptRoot/Should.psm1"
$__suiteFile = [IO.Path]::GetFullPath($Path)
$__suiteLog = $ResultPath
$__suiteResults = [Collections.Generic.List[object]]::new()
$TestDrive = [IO.Directory]::CreateTempSubdirectory('acm-suite-').FullName
$null = $ExecutionContext.SessionState.Drive.New(
    [Management.Automation.PSDriveInfo]::new('TestDrive', $ExecutionContext.SessionState.Provider.GetOne('FileSystem'), $TestDrive, '', $null), 'Global')
try {
    Invoke-SuiteBlock (Read-Suite { & $__suiteFile })
}
catch {
    # Because of this block an unknown word or parameter ends the discovery, and is not only written as an error.
    throw
}
finally {
    [IO.Directory]::Delete($TestDrive, $true)
}

$__suiteResults | Format-List Outcome, Block, Name, Message
exit [int] ('Failed' -in $__suiteResults.Outcome)
