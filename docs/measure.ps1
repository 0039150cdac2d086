<#
.SYNOPSIS
    Measures the figures of README.md and updates its table.
.DESCRIPTION
    Runs benchmarks and writes their medians into the table between the figures comments of README.md. Takes some minutes. Run it on an otherwise idle computer: other processes change the figures.
.PARAMETER Lines
    The output of earlier runs, to update the table without measuring.
.EXAMPLE
    pwsh docs/measure.ps1
#>
[CmdletBinding()]
param(
    [string] $Path = "$PSScriptRoot/../README.md",
    [string[]] $Lines
)

$ErrorActionPreference = 'Stop'

# The rows of the table: the text, the benchmark, and the names of its figures.
$rows = @(
    , @('List 10,000 data IDs and groups', 'list-keys', '10,000 keys, Find-AcmConfig')
    , @('Find and read 1,000 configurations, 20 ms latency, with / without batch requests', 'find-and-get', '1,000 found and read, batch get, 20 ms', '1,000 found and read, single gets, 20 ms')
    , @('Export 1,000, 20 ms latency, with batches, to a zip / to a folder', 'export', '1,000 to a zip, batch get, 20 ms', '1,000 to a folder, batch get, 20 ms')
    , @('Import 1,000, 20 ms latency / again without changes', 'import', '1,000 from a folder, 20 ms', '1,000 from a folder, nothing changed, 20 ms')
    , @('Delay from a publish to the PowerShell event, 100 watched configurations, median / 99th percentile', 'watch-events', 'publish to event, 100 keys watched, median', 'publish to event, 100 keys watched, p99')
    , @('The same with 3,000 watched configurations', 'watch-events', 'publish to event, 3000 keys watched, median', 'publish to event, 3000 keys watched, p99')
)

if (-not $Lines) {
    # A benchmark that misses its bound exits with 1 and has measured all the same.
    $Lines = foreach ($name in $rows | ForEach-Object { $_[1] } | Select-Object -Unique) {
        dotnet run -c Release --project "$PSScriptRoot/../benchmarks" -- $name | Tee-Object -Variable output | Out-Host
        $output
    }
}

function Format-Time([string] $Name) {
    $found = [regex]::Matches($Lines -join "`n", "(?m)^(?:pass|FAIL)  $([regex]::Escape($Name)) +([\d.]+) ms ")
    if ($found.Count -eq 0) { throw "The benchmarks did not measure '$Name'." }
    $milliseconds = [double]$found[-1].Groups[1].Value
    $invariant = [cultureinfo]::InvariantCulture
    if ($milliseconds -lt 20) { return [string]::Format($invariant, '{0:0.#} ms', $milliseconds) }
    if ($milliseconds -lt 1000) { return [string]::Format($invariant, '{0:0.00} s', $milliseconds / 1000) }
    [string]::Format($invariant, '{0:0.0} s', $milliseconds / 1000)
}

$table = @('| | Time | Benchmark |', '| --- | --- | --- |') + @(
    foreach ($row in $rows) {
        "| $($row[0]) | $(($row[2..($row.Count - 1)] | ForEach-Object { Format-Time $_ }) -join ' / ') | ``$($row[1])`` |"
    }
)
$text = [IO.File]::ReadAllText((Convert-Path $Path))
$old = [regex]::Match($text, '(?s)(?<=<!-- figures -->\n).*?(?=\n<!-- /figures -->)')
if (-not $old.Success) { throw "The figures comments are missing in '$Path'." }
[IO.File]::WriteAllText((Convert-Path $Path), $text.Remove($old.Index, $old.Length).Insert($old.Index, $table -join "`n"))
