<#
.SYNOPSIS
    Runs suites with Pester, and fails unless each of their tests was found, run and passed.
.DESCRIPTION
    For machines where Pester is not installed, too: its NuGet package holds the module. Ends with 1 where a test or a block failed, was skipped or
    not run, and where there are none.
.EXAMPLE
    ./tests/Pester/Invoke-Suites.ps1 ./tests/Pester/Get-AcmConfig.Tests.ps1
.EXAMPLE
    ./tests/Pester/Invoke-Suites.ps1 -Server 3.2
    Runs the suites that nacos.psd1 names against Nacos of that generation, but for the tests that it names as different. All is ACM and then one generation after the other.
#>
[CmdletBinding()]
param(
    # Suites, or folders with suites. Defaults to all on ACM, and to those of nacos.psd1 on Nacos.
    [string[]] $Path = $PSScriptRoot,

    # The manifest of Pester, if not the installed one.
    [string] $Pester = 'Pester',

    # File for the results, one JSON object a line.
    [string] $ResultPath,

    # What the suites connect to: ACM, a generation of Nacos, or all of these.
    [ValidateSet('Acm', '1', '2', '3', '3.2', 'All')]
    [string] $Server = 'Acm',

    # The verbosity of Pester.
    [ValidateSet('None', 'Normal', 'Detailed')]
    [string] $Verbosity = 'Normal'
)

function Get-SuiteName {
    param([string] $File)

    [IO.Path]::GetFileName($File) -replace '\.Tests\.ps1$'
}

function Get-ResultMessage {
    param($Item)

    foreach ($record in $Item.ErrorRecord) {
        if ($record.DisplayErrorMessage) { $record.DisplayErrorMessage; $record.DisplayStackTrace } else { "$record"; $record.ScriptStackTrace }
    }
}

# Formats a failed test, or a block or suite whose discovery, set-up or clean-up failed.
function ConvertTo-Result {
    param([string] $Kind, [string] $File, [string] $Name, $Item)

    [pscustomobject]@{
        Kind = $Kind
        Suite = Get-SuiteName $File
        Line = [int] $Item.StartLine
        Name = $Name
        Outcome = "$($Item.Result)"
        Message = @(Get-ResultMessage $Item) -join "`n"
        Nacos = $env:ACM_TEST_NACOS
    }
}

# Finds the lines of the tests in nacos.psd1, because Pester excludes tests by line.
function Get-DifferentTest {
    param($List, [string] $Generation)

    foreach ($entry in $List.Differences | Where-Object { -not $_.Generations -or $_.Generations -contains $Generation }) {
        $file = Join-Path $PSScriptRoot "$($entry.Suite).Tests.ps1"
        $script = [Management.Automation.Language.Parser]::ParseFile($file, [ref] $null, [ref] $null)
        $found = @($script.FindAll({ param($ast) $ast -is [Management.Automation.Language.CommandAst] -and "$($ast.GetCommandName())" -eq 'It' -and "$($ast.CommandElements[1].Value)" -ceq $entry.Test }, $true))
        if ($found.Count -ne 1) { throw "nacos.psd1 names '$($entry.Test)' of '$($entry.Suite)', which $($found.Count) tests are called." }
        "${file}:$($found[0].Extent.StartLineNumber)"
    }
}

function Invoke-Suite {
    param($Configuration, [bool] $LeavesOut)

    # common.ps1 starts the servers that all suites share, because it imports the module.
    $lent = @{}
    try { $run = Invoke-Pester -Configuration $Configuration }
    finally { if ($lent.Count) { $lent.Values | Stop-AcmServer } }

    foreach ($test in $run.Tests | Where-Object { -not $LeavesOut -or $_.ShouldRun }) { ConvertTo-Result -Kind Test -File $test.ScriptBlock.File -Name $test.ExpandedPath -Item $test }
    foreach ($block in $run.FailedBlocks) { ConvertTo-Result -Kind Block -File $block.ScriptBlock.File -Name $block.ExpandedPath -Item $block }
    foreach ($suite in $run.FailedContainers) { ConvertTo-Result -Kind Suite -File "$($suite.Item)" -Name 'the suite' -Item $suite }
    foreach ($suite in $run.Containers) {
        if ($suite.TotalCount -eq 0 -and $suite.Result -ne 'Failed') {
            [pscustomobject]@{ Kind = 'Suite'; Suite = Get-SuiteName "$($suite.Item)"; Line = 0; Name = 'the suite'; Outcome = 'Failed'; Message = 'It has no test.'; Nacos = $env:ACM_TEST_NACOS }
        }
    }
}

Import-Module $Pester -MinimumVersion 5.0 -ErrorAction Stop
$configuration = New-PesterConfiguration
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = $Verbosity
$list = Import-PowerShellDataFile (Join-Path $PSScriptRoot nacos.psd1)
$nacosPath = if ($PSBoundParameters.ContainsKey('Path')) { $Path } else { $list.Suites | ForEach-Object { Join-Path $PSScriptRoot "$_.Tests.ps1" } }

# One process for all servers, so that code is compiled once.
$results = @(
    foreach ($target in 'Acm', '1', '2', '3', '3.2' | Where-Object { $Server -in $_, 'All' }) {
        $isAcm = $target -eq 'Acm'
        if ($isAcm) { Remove-Item env:ACM_TEST_NACOS -ErrorAction Ignore } else { $env:ACM_TEST_NACOS = $target }
        $configuration.Run.Path = if ($isAcm) { $Path } else { $nacosPath }
        $configuration.Filter.ExcludeLine = @(if (-not $isAcm) { Get-DifferentTest $list $target })
        Invoke-Suite $configuration -LeavesOut (-not $isAcm)
    }
)
Remove-Item env:ACM_TEST_NACOS -ErrorAction Ignore
if ($ResultPath) { [IO.File]::WriteAllLines($ResultPath, [string[]] @($results | ForEach-Object { $_ | ConvertTo-Json -Compress })) }

# Pester's own result is not used, because skipped tests and runs without tests do not fail there.
exit [int] ($results.Count -eq 0 -or @($results | Where-Object Outcome -ne 'Passed').Count -gt 0)
