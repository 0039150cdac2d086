# Restores a lost server: publishes this computer's snapshots to a new, empty server, encrypted configurations as cipher text. Lists the
# snapshots and their age first.
#
#   ./restore-from-snapshots.ps1 -SnapshotPath ~/.local/share/Acm/.../snapshot -Endpoint new.example.com -Namespace prod
#   dotnet run --project tools/AcmShell -- examples/restore-from-snapshots.ps1      a trial with its own servers
#
# Exit codes: 0 all snapshots were published, 1 an error. Configurations that this computer has never read have no snapshot.
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
        # A server that is lost after this computer has read from it.
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

    # -NoSnapshot, because the "not found" responses of an empty server would invalidate the snapshots.
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
