<#
.SYNOPSIS
    Builds, tests, packs or cleans the repository: a thin front, each task is one call of dotnet, or of Pester.
.EXAMPLE
    ./build.ps1
.EXAMPLE
    ./build.ps1 -Task Test -Configuration Release
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Pester', 'Docs', 'Package', 'Clean')]
    [string] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Debug'
)

# Pester itself over the module that Build has staged, in the PowerShell that runs this. Without Pester, Test runs the same suites.
function Invoke-PesterSuite {
    if (-not (Get-Module Pester -ListAvailable | Where-Object Version -ge '5.0')) {
        throw 'Pester 5 or newer is not installed. Install-Module Pester -MinimumVersion 5.0 -Scope CurrentUser gets it; -Task Test runs the suites without it.'
    }

    Import-Module Pester -MinimumVersion 5.0
    $run = Invoke-Pester -Path "$PSScriptRoot/tests/Pester" -PassThru
    # A test that was skipped or not run is no test that has passed.
    [int] ($run.Result -ne 'Passed' -or $run.PassedCount -ne $run.TotalCount)
}

$solution = "$PSScriptRoot/Acm.slnx"
switch ($Task) {
    'Build' { dotnet build $solution --configuration $Configuration }
    'Test' { dotnet test $solution --configuration $Configuration }
    'Pester' { exit (Invoke-PesterSuite) }
    'Docs' { dotnet run --project "$PSScriptRoot/tools/HelpBuilder" --configuration $Configuration -- page "$PSScriptRoot/out/Acm/Acm.psd1" "$PSScriptRoot/docs" }
    'Package' { dotnet build "$PSScriptRoot/tools/ModulePackager" --configuration Release -t:PackAll }
    'Clean' { dotnet clean $solution --configuration $Configuration }
}
exit $LASTEXITCODE
