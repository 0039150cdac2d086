# Dot-sourced by each suite's BeforeAll: imports the staged module, starts a server with its data in memory, and connects to it with ACM, or with the generation of Nacos in ACM_TEST_NACOS.
# Runs in PowerShell 5.1 and 7, in any current folder. The suite's AfterAll stops the server, unless Invoke-Suites.ps1 lends the same one to all suites: Stop-AcmServer leaves that one, which is detached.
# Each suite starts with an empty default namespace. Other namespaces and the history keep what earlier suites left: a suite that expects nothing else there uses names of its own.
$manifest = [IO.Path]::GetFullPath("$PSScriptRoot/../../out/Acm/Acm.psd1")
if (-not (Test-Path -LiteralPath $manifest)) { throw "The module '$manifest' was not found. Run ./build.ps1 to stage it." }

Import-Module $manifest -ErrorAction Stop
$script:nacos = $env:ACM_TEST_NACOS
$startup = if ($nacos) { @{ NacosGeneration = $nacos } } else { @{} }
if ($lent) {
    if (-not $lent.Server) { $lent.Server = Start-AcmServer -InMemory -Detach @startup -ErrorAction Stop }
    $script:server = $lent.Server
}
else { $script:server = Start-AcmServer -InMemory @startup -ErrorAction Stop }

# Opens another session to the suite's server, with parameters of Connect-Acm.
function Connect-Server {
    if ($script:nacos) { Connect-Acm -Server $script:server.Endpoint @args }
    else { Connect-Acm "$script:server" -Direct @args }
}

$script:session = if ($nacos) { Connect-Server -NoSnapshot } else { $script:server | Connect-Acm -NoSnapshot }
if ($lent) { Remove-AcmConfig -DataId * -Group * -Force -InformationAction Ignore }

# Connects to the suite's server with Nacos, for commands that ACM does not support. Returns nothing.
function Connect-Nacos { $null = Connect-Acm -Server $script:server.Endpoint -NoSnapshot @args }

# Converts plain text to a secret, as a prompt would return it.
function ConvertTo-Secret {
    param([string] $Text)

    $secret = [securestring]::new()
    foreach ($character in $Text.ToCharArray()) { $secret.AppendChar($character) }
    $secret
}

# Windows PowerShell has no $IsWindows.
$script:onWindows = [IO.Path]::DirectorySeparatorChar -eq '\'

# Names that some file systems do not support or do not distinguish.
$script:awkwardNames = 'CON', 'nul.txt', 'COM1.yaml', 'LPT9', 'aux.', 'dot', 'dot.', 'case', 'Case', 'a:b', '.hidden'

# Opens a file without sharing, until the result is disposed. Windows does not replace such a file; other systems do.
function Open-Exclusively {
    param([string] $Path)

    [IO.File]::Open($Path, 'Open', 'ReadWrite', 'None')
}

# Returns a server that requires requests signed with the access key 'the-access-key' and the secret key 'the-secret-key'.
function Get-SignedServer {
    $keys = @{ AccessKey = 'the-access-key'; SecretKey = ConvertTo-Secret 'the-secret-key' }
    if (-not $lent) { return Start-AcmServer -InMemory @keys }
    if (-not $lent.Signed) { $lent.Signed = Start-AcmServer -InMemory -Detach @keys }
    $lent.Signed
}

# Returns a free port of this machine. The port 1000 above it, where servers speak gRPC, is free too.
function Get-FreePort {
    # Systems choose higher ports for outgoing connections and for servers without a fixed port, so no other process takes these before the server does.
    $port = Get-Random -Minimum 10000 -Maximum 31000
    try {
        foreach ($each in $port, ($port + 1000)) {
            $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, $each)
            $listener.Start()
            $listener.Stop()
        }

        $port
    }
    catch { Get-FreePort }
}

# Removes and returns the next event of a subscription.
function Receive-Event {
    param([string] $SourceIdentifier)

    $next = Wait-Event -SourceIdentifier $SourceIdentifier -Timeout 60
    if (-not $next) { throw "There was no event of '$SourceIdentifier' in 60 seconds." }
    Remove-Event -EventIdentifier $next.EventIdentifier
    $next
}

# The watcher of a subscription to one configuration, once it has heard of a server: while a value is read, nobody watches it.
function Wait-Watcher {
    param([string] $SourceIdentifier)

    $until = [datetime]::UtcNow.AddSeconds(60)
    do { $watcher = Get-AcmWatcher -SourceIdentifier $SourceIdentifier } until ($watcher.Server -or [datetime]::UtcNow -gt $until)
    $watcher
}
