# Backs up a namespace to a zip with the time in its name, and keeps the last few. For a schedule: it exits with 0 where all was backed
# up, and with 1 where something was not; then no old backup is removed.
#
#   ./backup.ps1 -Endpoint acm.example.com -Namespace prod -Folder /var/backups/acm -Keep 14
#   ./backup.ps1 -Server nacos.example.com:8848 -Namespace prod -Credential nacos -Folder /var/backups/nacos     of a Nacos, with types, tags and descriptions
#   dotnet run --project tools/AcmShell -- examples/backup.ps1          a trial on a server of its own
#
# Keys: -Credential, or what Connect-Acm finds by itself. Encrypted configurations stay cipher text, so that a backup needs no KMS and holds no secret in clear.
param(
    [string] $Endpoint,
    [string[]] $Server,
    [string] $Namespace = '',
    [pscredential] $Credential,
    [string] $Folder = './acm-backup',
    [int] $Keep = 7
)

$ErrorActionPreference = 'Stop'
Import-Module Acm

try {
    $keys = @{}
    if ($Credential) { $keys.Credential = $Credential }
    if ($Server) {
        $null = Connect-Acm -Server $Server -Namespace $Namespace -NoSnapshot @keys
    } elseif ($Endpoint) {
        $null = Connect-Acm $Endpoint $Namespace -NoSnapshot @keys
    } else {
        $trial = Start-AcmServer -InMemory
        $null = $trial | Connect-Acm -NoSnapshot
        Set-AcmConfig app.yaml 'level: info'
        Set-AcmConfig db.json '{ "pool": 10 }' -Group SHOP
    }

    # In UTC, so that names sort by time also in the night when the clocks change.
    $start = 'acm-' + $(if ($Namespace) { "$Namespace-" })
    $name = $start + [DateTime]::UtcNow.ToString('yyyyMMdd-HHmmss') + '.zip'
    $backup = Export-AcmConfig -LiteralPath (Join-Path $Folder $name) -NoDecrypt -ErrorVariable failures -ErrorAction Continue
    if (-not $backup -or -not $backup.IsComplete -or $failures) {
        "The backup is not complete. Errors: $($failures.Count). Nothing old was removed."
        exit 1
    }

    "$($backup.Exported) configurations in $($backup.Path)"
    Get-ChildItem $Folder |
        Where-Object Name -match "^$([regex]::Escape($start))\d{8}-\d{6}\.zip$" |
        Sort-Object Name -Descending |
        Select-Object -Skip $Keep |
        ForEach-Object {
            Remove-Item $_.FullName
            "removed $($_.Name)"
        }
} catch {
    "The backup failed: $_"
    exit 1
} finally {
    if ($trial) { Stop-AcmServer }
}
