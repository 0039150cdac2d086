# A long-running script with settings from a server. It reads them at the start, uses defaults for missing ones, and reads them again
# when they change. While the server is down, it uses the snapshot, with a warning.
#
#   ./settings-for-a-script.ps1 -Endpoint acm.example.com -Namespace prod -Turns 1000
#   dotnet run --project tools/AcmShell -- examples/settings-for-a-script.ps1       a trial with its own server
param(
    [string] $Endpoint,
    [string] $Namespace = '',
    [int] $Turns = 3
)

$ErrorActionPreference = 'Stop'
Import-Module Acm
$trial = -not $Endpoint

# Returns the defaults, overridden by the settings on the server.
function Get-Setting {
    $settings = @{ batch = 10; pauseSec = 0 }
    try {
        $text = Get-AcmConfig job.json -Raw
        foreach ($property in ($text | ConvertFrom-Json).PSObject.Properties) { $settings[$property.Name] = $property.Value }
    } catch {
        # All other errors, such as a missing permission, end the script.
        if ($_.FullyQualifiedErrorId -notlike 'AcmConfigNotFound,*') { throw }
    }
    $settings
}

try {
    if ($trial) { $null = Start-AcmServer -InMemory | Connect-Acm -NoSnapshot }
    else { $null = Connect-Acm $Endpoint $Namespace }

    $settings = Get-Setting
    Register-AcmWatcher job.json -NoInitial -SourceIdentifier settings
    for ($turn = 1; $turn -le $Turns; $turn++) {
        "Turn ${turn}: $($settings.batch) items"

        # Do the work here. The trial changes the setting meanwhile.
        if ($trial) { Set-AcmConfig job.json "{ `"batch`": $(10 * ($turn + 1)) }" }
        $change = Wait-Event settings -Timeout $(if ($trial) { 30 } else { [Math]::Max(1, $settings.pauseSec) })
        if (-not $change) { continue }

        $change | Remove-Event
        $settings = Get-Setting
    }
} finally {
    Unregister-AcmWatcher -SourceIdentifier *
    Disconnect-Acm
    if ($trial) { Stop-AcmServer }
}
