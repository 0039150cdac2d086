# Dot-sourced by each suite's BeforeAll: imports the staged module, starts a server whose data are in memory, and connects to it: as to an ACM, or as to the Nacos that ACM_TEST_NACOS names.
# Runs in PowerShell 5.1 and 7, wherever it is started from; the suite's AfterAll stops what it started.
$manifest = [IO.Path]::GetFullPath("$PSScriptRoot/../../out/Acm/Acm.psd1")
if (-not (Test-Path -LiteralPath $manifest)) { throw "There is no module at '$manifest'. ./build.ps1 stages it there." }

Import-Module $manifest -ErrorAction Stop
$script:nacos = $env:ACM_TEST_NACOS
$startup = if ($nacos) { @{ NacosGeneration = $nacos } } else { @{} }
$script:server = Start-AcmServer -InMemory @startup -ErrorAction Stop

# A further session on the suite's server, with parameters of Connect-Acm.
function Connect-Server {
    if ($script:nacos) { Connect-Acm -Server $script:server.Endpoint @args }
    else { Connect-Acm "$script:server" -Direct @args }
}

$script:session = if ($nacos) { Connect-Server -NoSnapshot } else { $script:server | Connect-Acm -NoSnapshot }

# What a person types at a prompt for a secret; a plain text in a script is for tests only.
function ConvertTo-Secret {
    param([string] $Text)

    $secret = [securestring]::new()
    foreach ($character in $Text.ToCharArray()) { $secret.AppendChar($character) }
    $secret
}

# Windows PowerShell has no $IsWindows.
$script:onWindows = [IO.Path]::DirectorySeparatorChar -eq '\'

# Names that some file system does not take, or does not tell apart.
$script:awkwardNames = 'CON', 'nul.txt', 'COM1.yaml', 'LPT9', 'aux.', 'dot', 'dot.', 'case', 'Case', 'a:b', '.hidden'

# A file as another program has it that lets nobody else in, until it is disposed of. Windows does not replace such a file; other systems do.
function Open-Exclusively {
    param([string] $Path)

    [IO.File]::Open($Path, 'Open', 'ReadWrite', 'None')
}

# The next event of a subscription, taken out of the queue.
function Receive-Event {
    param([string] $SourceIdentifier)

    $next = Wait-Event -SourceIdentifier $SourceIdentifier -Timeout 60
    if (-not $next) { throw "There was no event of '$SourceIdentifier' in 60 seconds." }
    Remove-Event -EventIdentifier $next.EventIdentifier
    $next
}
