# Restores a server that was lost from the snapshots of this machine: publishes what they hold to a new, empty server, encrypted
# configurations as they are. Shows first what is there and how old it is.
#
#   ./restore-from-snapshots.ps1 -SnapshotPath ~/.local/share/Acm/.../snapshot -Endpoint new.example.com -Namespace prod
#   dotnet run --project tools/AcmShell -- examples/restore-from-snapshots.ps1      a trial on servers of its own
#
# Exit codes: 0 all is on the new server, 1 something failed. Configurations that were never read on this machine have no snapshot.
param(
    [string] $SnapshotPath,
    [string] $Endpoint,
    [string] $Namespace = '',
    [pscredential] $Credential
)

$ErrorActionPreference = 'Stop'
Import-Module Acm
$trial = -not $Endpoint

try {
    if ($trial) {
        # A server that is lost, after this machine has read from it.
        $SnapshotPath = Join-Path ([IO.Path]::GetTempPath()) "acm-restore-$([Guid]::NewGuid().ToString('N'))"
        $lost = Start-AcmServer -InMemory
        $null = Connect-Acm $lost.Endpoint -SnapshotPath $SnapshotPath
        Set-AcmConfig app.yaml 'level: info'
        Set-AcmConfig db.json '{ "pool": 10 }' -Group SHOP
        Stop-AcmServer $lost
        $Endpoint = (Start-AcmServer -InMemory).Endpoint
    }

    $snapshots = @(Get-AcmSnapshot -Path $SnapshotPath -Namespace $Namespace | Where-Object State -eq Found)
    $snapshots | Format-Table
    $keys = @{}
    if ($Credential) { $keys.Credential = $Credential }

    # Without snapshots: the "not found" of an empty server would set the old ones aside.
    $null = Connect-Acm $Endpoint $Namespace -NoSnapshot @keys
    $there = @(Find-AcmConfig)
    if ($there) {
        "The server has $($there.Count) configurations already. Nothing was published."
        exit 1
    }

    $snapshots | Set-AcmConfig -NoEncrypt -ErrorVariable failures -ErrorAction Continue
    "$($snapshots.Count - $failures.Count) of $($snapshots.Count) configurations were restored."
    if ($failures) { exit 1 }
} finally {
    if ($trial) {
        Disconnect-Acm
        Stop-AcmServer
        Remove-Item -Recurse -Force $SnapshotPath
    }
}
