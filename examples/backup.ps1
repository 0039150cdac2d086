# Backs up a namespace to a zip with the time in its name, and keeps the last few backups. For scheduled runs.
#
# Exit codes: 0 the backup is complete, 1 it is not. Old backups are removed only after a complete backup.
#
#   ./backup.ps1 -Endpoint acm.example.com -Namespace prod -Folder /var/backups/acm -Keep 14
#   ./backup.ps1 -Server nacos.example.com:8848 -Namespace prod -Credential nacos -Folder /var/backups/nacos     Nacos, with types, tags and descriptions
#   dotnet run --project tools/AcmShell -- examples/backup.ps1          a trial with its own server
#
# Credentials: -Credential, or none. Encrypted configurations are saved as cipher text, so a backup needs no KMS and has no secrets in clear text.
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

    # UTC, so that names sort by time even when daylight saving time ends.
    $start = 'acm-' + $(if ($Namespace) { "$Namespace-" })
    $name = $start + [DateTime]::UtcNow.ToString('yyyyMMdd-HHmmss') + '.zip'
    $backup = Export-AcmConfig -LiteralPath (Join-Path $Folder $name) -NoDecrypt -ErrorVariable failures -ErrorAction Continue
    if (-not $backup -or -not $backup.IsComplete -or $failures) {
        "The backup is not complete. Errors: $($failures.Count). No old backup was removed."
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
