<#
.SYNOPSIS
    Builds, tests, packs or cleans the repository: a thin front, each task is a call of dotnet, or of a runner under tests.
.EXAMPLE
    ./build.ps1
.EXAMPLE
    ./build.ps1 -Task Test -Configuration Release
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Pester', 'Docs', 'Package', 'Peers', 'Clean')]
    [string] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Debug'
)

# Runs Pester on the staged module in the current PowerShell, with the installed Pester or the NuGet package that the tests use.
function Invoke-PesterSuite {
    $pester = 'Pester'
    if (-not (Get-Module Pester -ListAvailable | Where-Object Version -ge '5.0')) {
        dotnet restore "$PSScriptRoot/tests/Unit"
        $pester = dotnet msbuild "$PSScriptRoot/tests/Unit" -getProperty:PesterModule
        if (-not (Test-Path -LiteralPath $pester)) { throw "Pester is not installed, and its package was not restored to '$pester'." }
    }

    # A skipped test counts as a failure.
    & "$PSScriptRoot/tests/Pester/Invoke-Suites.ps1" -Pester $pester
}

$solution = "$PSScriptRoot/Acm.slnx"
switch ($Task) {
    'Build' { dotnet build $solution --configuration $Configuration }
    'Test' { dotnet test $solution --configuration $Configuration }
    'Pester' { Invoke-PesterSuite }
    'Docs' { dotnet run --project "$PSScriptRoot/tools/HelpBuilder" --configuration $Configuration -- page "$PSScriptRoot/out/Acm/Acm.psd1" "$PSScriptRoot/docs" }
    'Package' { dotnet build "$PSScriptRoot/tools/ModulePackager" --configuration Release -t:PackAll }
    'Peers' {
        # Otherwise a server of an earlier build would be tested.
        dotnet build "$PSScriptRoot/src/Acm.Server" --configuration Debug
        if ($LASTEXITCODE -eq 0) { & "$PSScriptRoot/tests/Peers/run.ps1" }
    }
    'Clean' { dotnet clean $solution --configuration $Configuration }
}
exit $LASTEXITCODE
