<#
.SYNOPSIS
    Builds, tests or cleans the repository: a thin front, each task is one call of dotnet.
.EXAMPLE
    ./build.ps1
.EXAMPLE
    ./build.ps1 -Task Test -Configuration Release
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Docs', 'Clean')]
    [string] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Debug'
)

$solution = "$PSScriptRoot/Acm.slnx"
switch ($Task) {
    'Build' { dotnet build $solution --configuration $Configuration }
    'Test' { dotnet test $solution --configuration $Configuration }
    'Docs' { dotnet run --project "$PSScriptRoot/tools/HelpBuilder" --configuration $Configuration -- page "$PSScriptRoot/out/Acm/Acm.psd1" "$PSScriptRoot/docs" }
    'Clean' { dotnet clean $solution --configuration $Configuration }
}
exit $LASTEXITCODE
