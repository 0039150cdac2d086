# Starts a server, publishes the files in examples/files, reads, changes, watches and removes configurations, and shows the error of a
# failed read. Needs no account and leaves nothing behind.
#
#   dotnet run --project tools/AcmShell -- examples/quickstart.ps1      from a clone of the repository
#   ./quickstart.ps1                                                    if the module is installed
$ErrorActionPreference = 'Stop'
Import-Module Acm
$files = Join-Path -Path $PSScriptRoot -ChildPath 'files'

'Start a server with in-memory data:'
$server = Start-AcmServer -InMemory
try {
    # The server stops at the end of the script, so snapshots would not be useful.
    $session = $server | Connect-Acm -NoSnapshot
    "  connected to $session"

    "`nPublish the files:"
    Get-ChildItem -Path $files | Set-AcmConfig -Group SHOP -PassThru | Format-Table

    'Read a configuration:'
    Get-AcmConfig messages.properties SHOP -Raw

    'Use a value in a script:'
    $orders = Get-AcmConfig orders.json SHOP -Raw | ConvertFrom-Json
    "  at most $($orders.maxOpenOrders) open orders, in $($orders.currency)"

    "`nChange it only if nobody else has changed it:"
    $old = Get-AcmConfig orders.json SHOP
    $orders.maxOpenOrders = 80
    $orders | ConvertTo-Json | Set-AcmConfig orders.json -Group SHOP -IfMatch $old.Md5
    "  now at most $((Get-AcmConfig orders.json SHOP -Raw | ConvertFrom-Json).maxOpenOrders) open orders"

    "`nWatch for a change:"
    Register-AcmWatcher orders.json SHOP -SourceIdentifier orders -NoInitial
    '{ "maxOpenOrders": 120, "currency": "EUR" }' | Set-AcmConfig orders.json -Group SHOP
    $change = Wait-Event -SourceIdentifier orders -Timeout 30
    Unregister-AcmWatcher -SourceIdentifier orders
    $change | Remove-Event
    "  $($change.SourceEventArgs.Kind): $($change.SourceEventArgs.Content)"

    "`nPreview a removal, then remove the configuration:"
    Remove-AcmConfig gateway.yaml SHOP -WhatIf
    Remove-AcmConfig gateway.yaml SHOP

    "`nList the other configurations:"
    Find-AcmConfig -Group SHOP | Format-Table

    'An error has an ID for scripts, a message and advice:'
    try {
        Get-AcmConfig gateway.yaml SHOP
    }
    catch {
        "  ID:      $($_.FullyQualifiedErrorId)"
        "  message: $_"
        "  advice:  $($_.ErrorDetails.RecommendedAction)"
    }
}
finally {
    Disconnect-Acm
    $server | Stop-AcmServer
    "`nThe server is stopped."
}
