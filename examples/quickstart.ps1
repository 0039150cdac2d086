# Publishes the files of examples/files to a server of its own, reads them back, changes one, removes one, and shows what a
# failed read looks like. Needs no account and leaves nothing behind.
#
#   dotnet run --project tools/AcmShell -- examples/quickstart.ps1      from a clone of the repository
#   ./quickstart.ps1                                                    after Install-Module Acm
$ErrorActionPreference = 'Stop'
Import-Module Acm
$files = Join-Path -Path $PSScriptRoot -ChildPath 'files'

Write-Host 'A server of our own, with its data in memory:'
$server = Start-AcmServer -InMemory
try {
    # Snapshots answer when no server can be reached. This server ends with the script, so none are kept.
    $session = $server | Connect-Acm -NoSnapshot
    Write-Host "  connected to $session"

    Write-Host "`nPublish each file under its name:"
    Get-ChildItem -Path $files | Set-AcmConfig -Group SHOP -PassThru | Format-Table

    Write-Host 'Read one back:'
    Write-Host (Get-AcmConfig messages.properties SHOP -Raw)

    Write-Host 'Use a value, as a script would:'
    $orders = Get-AcmConfig orders.json SHOP -Raw | ConvertFrom-Json
    Write-Host "  at most $($orders.maxOpenOrders) open orders, in $($orders.currency)"

    Write-Host "`nChange it, but only if nobody else did meanwhile:"
    $old = Get-AcmConfig orders.json SHOP
    $orders.maxOpenOrders = 80
    $orders | ConvertTo-Json | Set-AcmConfig orders.json -Group SHOP -IfMatch $old.Md5
    Write-Host "  now at most $((Get-AcmConfig orders.json SHOP -Raw | ConvertFrom-Json).maxOpenOrders) open orders"

    Write-Host "`nWhat a removal would do, then the removal:"
    Remove-AcmConfig gateway.yaml SHOP -WhatIf
    Remove-AcmConfig gateway.yaml SHOP

    Write-Host "`nWhat is left:"
    Find-AcmConfig -Group SHOP | Format-Table

    Write-Host 'A failed read has an id to act on, a message for a person, and advice:'
    try {
        Get-AcmConfig gateway.yaml SHOP
    }
    catch {
        Write-Host "  id:      $($_.FullyQualifiedErrorId)"
        Write-Host "  message: $_"
        Write-Host "  advice:  $($_.ErrorDetails.RecommendedAction)"
    }
}
finally {
    Disconnect-Acm
    $server | Stop-AcmServer
    Write-Host "`nThe server is stopped."
}
