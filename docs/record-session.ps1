<#
.SYNOPSIS
    Records docs/session.svg: runs the lines of a session in this PowerShell, and draws them with what they wrote.
.DESCRIPTION
    Needs PowerShell 7 and the module that the build stages. Each line is run as it stands, in a folder that holds examples/files; nothing is edited afterwards. In a terminal the diff has its colours.
.EXAMPLE
    pwsh docs/record-session.ps1
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
$title = 'A session: a server is started, files are published, listed and read, a change raises an event, the files are compared with the server, and a failed read gives advice'
$columns = 90
$prompt = 'PS /srv/shop>'

# What a line writes, as the console shows it, with its colours.
function Invoke-Line([string] $Line) {
    $ErrorActionPreference = 'Continue'
    $text = . ([scriptblock]::Create($Line)) 2>&1 | Out-String -Width $columns
    $ErrorActionPreference = 'Stop'
    $rows = @($text.TrimEnd() -split "`r?`n")
    if (-not $text.Trim()) { return }

    # Out-String wraps tables, and no errors.
    foreach ($row in $rows) {
        $plain = $row -replace "`e\[[\d;]*m"
        if ($plain.Length -le $columns) { $row; continue }

        $style = if ($row -match "^(`e\[[\d;]*m)+") { $Matches[0] } else { '' }
        for ($i = 0; $i -lt $plain.Length; $i += $columns) { $style + $plain.Substring($i, [Math]::Min($columns, $plain.Length - $i)) }
    }
}

# Runs of text in one colour, as text elements in their columns.
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

        # Blanks between columns are places, not text.
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
            # In this scope, so that a variable of one line is there for the next.
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
