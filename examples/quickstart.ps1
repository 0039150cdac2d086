# Publishes the files of examples/files to a server of its own, reads them back, changes one, is told of a change, removes one, and
# shows what a failed read looks like. Needs no account and leaves nothing behind.
#
#   dotnet run --project tools/AcmShell -- examples/quickstart.ps1      from a clone of the repository
#   ./quickstart.ps1                                                    where the module is installed
$ErrorActionPreference = 'Stop'
Import-Module Acm
$files = Join-Path -Path $PSScriptRoot -ChildPath 'files'

'A server of our own, with its data in memory:'
$server = Start-AcmServer -InMemory
try {
    # Snapshots answer when no server can be reached. This server ends with the script, so none are kept.
    $session = $server | Connect-Acm -NoSnapshot
    "  connected to $session"

    "`nPublish each file under its name:"
    Get-ChildItem -Path $files | Set-AcmConfig -Group SHOP -PassThru | Format-Table

    'Read one back:'
    Get-AcmConfig messages.properties SHOP -Raw

    'Use a value, as a script would:'
    $orders = Get-AcmConfig orders.json SHOP -Raw | ConvertFrom-Json
    "  at most $($orders.maxOpenOrders) open orders, in $($orders.currency)"

    "`nChange it, but only if nobody else did meanwhile:"
    $old = Get-AcmConfig orders.json SHOP
    $orders.maxOpenOrders = 80
    $orders | ConvertTo-Json | Set-AcmConfig orders.json -Group SHOP -IfMatch $old.Md5
    "  now at most $((Get-AcmConfig orders.json SHOP -Raw | ConvertFrom-Json).maxOpenOrders) open orders"

    "`nWatch for a change, whoever makes it:"
    Register-AcmWatcher orders.json SHOP -SourceIdentifier orders -NoInitial
    '{ "maxOpenOrders": 120, "currency": "EUR" }' | Set-AcmConfig orders.json -Group SHOP
    $change = Wait-Event -SourceIdentifier orders -Timeout 30
    Unregister-AcmWatcher -SourceIdentifier orders
    $change | Remove-Event
    "  $($change.SourceEventArgs.Kind): $($change.SourceEventArgs.Content)"

    "`nWhat a removal would do, then the removal:"
    Remove-AcmConfig gateway.yaml SHOP -WhatIf
    Remove-AcmConfig gateway.yaml SHOP

    "`nWhat is left:"
    Find-AcmConfig -Group SHOP | Format-Table

    'A failed read has an id to act on, a message for a person, and advice:'
    try {
        Get-AcmConfig gateway.yaml SHOP
    }
    catch {
        "  id:      $($_.FullyQualifiedErrorId)"
        "  message: $_"
        "  advice:  $($_.ErrorDetails.RecommendedAction)"
    }
}
finally {
    Disconnect-Acm
    $server | Stop-AcmServer
    "`nThe server is stopped."
}
