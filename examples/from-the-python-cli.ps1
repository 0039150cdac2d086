# Imports the connections of the Python command line from ~/.acm.json, and compares a folder that it exported with the namespace. Changes
# nothing on a server.
#
#   ./from-the-python-cli.ps1 -Folder ./export -ProfileName prod
#   dotnet run --project tools/AcmShell -- examples/from-the-python-cli.ps1         a trial with its own server and files
#
# Exit codes: 0 the folder and the namespace are equal, 2 they differ.
param(
    [string] $Folder,
    [string] $ProfileName = 'dev',
    [string] $SettingsPath = (Join-Path ([Environment]::GetFolderPath('UserProfile')) '.acm.json')
)

$ErrorActionPreference = 'Stop'
Import-Module Acm
$trial = -not $Folder
$profiles = $env:ACM_PROFILE_PATH

try {
    if ($trial) {
        $work = Join-Path ([IO.Path]::GetTempPath()) "acm-python-$([Guid]::NewGuid().ToString('N'))"
        $env:ACM_PROFILE_PATH = Join-Path $work profiles.json
        $SettingsPath = Join-Path $work acm.json
        $Folder = Join-Path $work export
        $null = New-Item -ItemType Directory (Join-Path $Folder SHOP)
        Set-Content (Join-Path $Folder SHOP/db.json) '{ "pool": 10 }' -NoNewline
        $server = Start-AcmServer -InMemory
        @{ endpoints = @{ $server.Endpoint = @{ tls = $false; is_current = $true; namespaces = @{ dev = @{ alias = 'dev'; is_current = $true } } } } } |
            ConvertTo-Json -Depth 5 | Set-Content $SettingsPath
        $null = Connect-Acm $server.Endpoint dev -NoSnapshot
        Set-AcmConfig db.json '{ "pool": 20 }' -Group SHOP
    }

    Import-AcmProfile $SettingsPath | Format-Table
    $null = Use-AcmProfile $ProfileName

    # The Python command line exports each group to a folder.
    $differences = @(Compare-AcmConfig $Folder)
    $differences | Format-List
    "$($differences.Count) configurations differ."
    if ($differences) { exit 2 }
} finally {
    Disconnect-Acm
    if ($trial) {
        Stop-AcmServer
        Remove-Item -Recurse -Force $work
        $env:ACM_PROFILE_PATH = $profiles
    }
}
