# Settings of a long-running script that come from a server: read at the start, with defaults for what is not there, and read anew
# when they change. A server that is down does not stop the script: the last snapshot answers, and a warning says so.
#
#   ./settings-for-a-script.ps1 -Endpoint acm.example.com -Namespace prod -Turns 1000
#   dotnet run --project tools/AcmShell -- examples/settings-for-a-script.ps1       a trial on a server of its own
param(
    [string] $Endpoint,
    [string] $Namespace = '',
    [int] $Turns = 3
)

$ErrorActionPreference = 'Stop'
Import-Module Acm
$trial = -not $Endpoint

# The defaults, with what the server has over them.
function Get-Setting {
    $settings = @{ batch = 10; pauseSec = 0 }
    try {
        $text = Get-AcmConfig job.json -Raw
        foreach ($property in ($text | ConvertFrom-Json).PSObject.Properties) { $settings[$property.Name] = $property.Value }
    } catch {
        # Everything else, such as a denied read, is an error of the script.
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

        # The work goes here. In the trial, somebody changes the setting meanwhile.
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
