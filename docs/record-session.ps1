<#
.SYNOPSIS
    Records docs/session.svg: runs the commands of a session in this PowerShell, and draws them with their output.
.DESCRIPTION
    Needs PowerShell 7 and a build of src/AcmPowerShell. Each command runs unchanged in a copy of examples/files, and its output is not edited.
.EXAMPLE
    pwsh docs/record-session.ps1
.EXAMPLE
    dotnet run --project tools/AcmShell -- docs/record-session.ps1

    Without an installed PowerShell.
#>
[CmdletBinding()]
param(
    [string] $Module = "$PSScriptRoot/../out/Acm/Acm.psd1",
    [string] $Path = "$PSScriptRoot/session.svg"
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$session = @(
    '$server = Start-AcmServer -InMemory'
    '$server | Connect-Acm -NoSnapshot'
    'Import-AcmConfig ./files -Group SHOP'
    'Find-AcmConfig -Group SHOP'
    '(Get-AcmConfig orders.json SHOP -Raw | ConvertFrom-Json).maxOpenOrders'
    'Register-AcmWatcher orders.json SHOP -NoInitial -SourceIdentifier orders'
    '$orders = Get-AcmConfig SHOP/orders.json -Raw'
    'Set-AcmConfig SHOP/orders.json ($orders -replace 50, 80)'
    '(Wait-Event orders).SourceEventArgs'
    'Compare-AcmConfig ./files -Group SHOP | Format-List'
    'Get-AcmConfig missing.json'
)
$title = 'A terminal session: a server is started, files are published, listed and read, a change raises an event, the files are compared with the server, and a failed read gives advice'
$columns = 90
$prompt = 'PS /srv/shop>'

# Returns the output of a command as the console shows it, with colors.
function Invoke-Line([string] $Line) {
    $ErrorActionPreference = 'Continue'
    $text = . ([scriptblock]::Create($Line)) 2>&1 | Out-String -Width $columns
    $ErrorActionPreference = 'Stop'
    $rows = @($text.TrimEnd() -split "`r?`n")
    if (-not $text.Trim()) { return }

    # Out-String wraps tables, but not errors.
    foreach ($row in $rows) {
        $plain = $row -replace "`e\[[\d;]*m"
        if ($plain.Length -le $columns) { $row; continue }

        $style = if ($row -match "^(`e\[[\d;]*m)+") { $Matches[0] } else { '' }
        foreach ($line in [regex]::Matches($plain, "(\S.{0,$($columns - 1)})(?= |$)|\S{$columns}")) { $style + $line.Value }
    }
}

# Returns the text of a row as SVG elements, one for each color and column.
function ConvertTo-SvgText([string] $Row, [int] $Y, [string] $Style = '') {
    $column = 0
    foreach ($part in [regex]::Split($Row, "(`e\[[\d;]*m)")) {
        if ($part -match "^`e\[([\d;]*)m$") {
            $codes = @($Matches[1] -split ';')
            if ($codes -contains '0' -or $codes -contains '') { $Style = '' }
            foreach ($code in $codes) {
                $Style += switch ($code) {
                    '1' { ' font-weight="bold"' }
                    '3' { ' font-style="italic"' }
                    { $_ -in '31', '91' } { ' fill="#ff7b72"' }
                    { $_ -in '32', '92' } { ' fill="#7ee787"' }
                    { $_ -in '33', '93' } { ' fill="#e3b341"' }
                    { $_ -in '36', '96' } { ' fill="#79c0ff"' }
                }
            }
            continue
        }

        # Columns are positioned, so the blanks between them are not drawn.
        foreach ($run in [regex]::Matches($part, '\S+( \S+)*')) {
            $x = 16 + 8.43 * ($column + $run.Index)
            '<text x="{0:0.0}" y="{1}" textLength="{2:0.0}"{3}>{4}</text>' -f $x, $Y, (8.43 * $run.Length), $Style, [Security.SecurityElement]::Escape($run.Value)
        }
        $column += $part.Length
    }
}

$folder = Join-Path ([IO.Path]::GetTempPath()) "acm-session-$([Guid]::NewGuid().ToString('N'))"
$null = New-Item -ItemType Directory $folder
Copy-Item -Recurse "$PSScriptRoot/../examples/files" $folder
$rendering = $PSStyle.OutputRendering
Push-Location $folder
try {
    $PSStyle.OutputRendering = 'Ansi'
    Import-Module (Convert-Path $Module)
    $y = 50
    $elements = @(
        foreach ($line in $session) {
            ConvertTo-SvgText $prompt $y ' fill="#8b949e"'
            ConvertTo-SvgText ((' ' * ($prompt.Length + 1)) + $line) $y ' fill="#f0f6fc"'
            $y += 18
            # Dot-sourced, so that the next command sees the variables.
            foreach ($row in . Invoke-Line $line) {
                ConvertTo-SvgText $row $y
                $y += 18
            }
        }
        ConvertTo-SvgText $prompt $y ' fill="#8b949e"'
    )
} finally {
    Unregister-AcmWatcher -SourceIdentifier *
    Get-Event | Remove-Event
    Disconnect-Acm
    Stop-AcmServer
    $PSStyle.OutputRendering = $rendering
    Pop-Location
    Remove-Item -Recurse -Force $folder
}

$height = $y + 26
$svg = @"
<!-- Recorded by record-session.ps1. -->
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 790 $height" width="790" height="$height" role="img" aria-labelledby="title">
<title id="title">$title</title>
<rect width="790" height="$height" rx="8" fill="#0d1117"/>
<circle cx="20" cy="18" r="6" fill="#ff5f56"/><circle cx="40" cy="18" r="6" fill="#ffbd2e"/><circle cx="60" cy="18" r="6" fill="#27c93f"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#c9d1d9" xml:space="preserve">
$($elements -join "`n")
</g>
</svg>

"@
[IO.File]::WriteAllText($Path, $svg.Replace("`r`n", "`n"))
