<#
.SYNOPSIS
    Runs the published clients of Nacos against our server, once for each generation with users and without. Ends with 1 if a check failed.
#>
[CmdletBinding()]
param(
    # The built server.
    [string] $Server = "$PSScriptRoot/../../src/Acm.Server/bin/Debug/net10.0/Acm.Server.dll",

    # Where the packages of the clients go.
    [string] $Packages = "$PSScriptRoot/../../out/peers"
)

$ErrorActionPreference = 'Stop'

function Open-Server([string] $Generation, [bool] $WithUser) {
    $start = [Diagnostics.ProcessStartInfo]::new('dotnet')
    $arguments = @($Server, '--urls', 'http://127.0.0.1:0', '--in-memory', '--stop-on-stdin-close', '--nacos-generation', $Generation)
    if ($WithUser) { $arguments += '--user', 'peer=admin', '--password-file', "$Packages/passwords" }
    $arguments.ForEach({ $start.ArgumentList.Add($_) })
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    [Diagnostics.Process]::Start($start)
}

function Install-NodeClient {
    if (-not (Get-Command npm -ErrorAction Ignore)) { return $false }

    Copy-Item "$PSScriptRoot/package.json", "$PSScriptRoot/package-lock.json", "$PSScriptRoot/conformance_npm.mjs" $Packages
    Push-Location $Packages
    try { npm ci --no-audit --no-fund | Out-Host } finally { Pop-Location }
    $LASTEXITCODE -eq 0
}

function Install-PythonClient {
    if (-not (Get-Command python3 -ErrorAction Ignore)) { return $false }

    python3 -m venv "$Packages/python" | Out-Host
    & "$Packages/python/bin/python" -m pip install --quiet -r "$PSScriptRoot/requirements.txt" | Out-Host
    $LASTEXITCODE -eq 0
}

function Find-PlainGrpc {
    foreach ($interpreter in 'python3', '/usr/bin/python3') {
        if (-not (Get-Command $interpreter -ErrorAction Ignore)) { continue }

        & $interpreter -c 'import grpc' 2> $null
        if ($LASTEXITCODE -eq 0) { return $interpreter }
    }
}

New-Item $Packages -ItemType Directory -Force | Out-Null
Set-Content "$Packages/passwords" 'peer=peer-password'
$node = Install-NodeClient
$python = Install-PythonClient
if (-not $node) { Write-Warning 'The npm client was not run: npm or its registry is missing.' }
$grpc = Find-PlainGrpc
if (-not $python) { Write-Warning 'The Python client was not run: python3 or its package is missing.' }
if (-not ($python -or $grpc)) { Write-Warning 'Plain gRPC was not tried: no python3 has grpcio.' }
if (-not ($node -or $python -or $grpc)) { throw 'No client could be installed.' }

$failed = 0
foreach ($generation in '1', '2', '3') {
    foreach ($withUser in $false, $true) {
        $process = Open-Server $generation $withUser
        try {
            $address = ($process.StandardOutput.ReadLine() -split '://')[1].TrimEnd('/')
            $login = if ($withUser) { '--username', 'peer', '--password', 'peer-password' } else { @() }
            "== generation $generation$(if ($withUser) { ' with a user' })" | Out-Host
            if ($node) {
                node "$Packages/conformance_npm.mjs" --server $address @login | Out-Host
                $failed += [int] ($LASTEXITCODE -ne 0)
            }

            # Generation 1 has no gRPC, which is what two of the three parts are about. Without the package, plain gRPC is tried.
            $parts = @(if ($generation -eq '1') { '--skip', 'raw', '--skip', 'sdk2' } else { '--public-alias' })
            $interpreter = if ($python) { "$Packages/python/bin/python" } elseif ($grpc -and $generation -ne '1') { $grpc }
            if (-not $python) { $parts += '--skip', 'sdk1', '--skip', 'sdk2' }
            if ($interpreter) {
                & $interpreter "$PSScriptRoot/conformance_python.py" --server $address @parts @login | Out-Host
                $failed += [int] ($LASTEXITCODE -ne 0)
            }
        }
        finally {
            $process.StandardInput.Close()
            $process.WaitForExit()
        }
    }
}

exit [int] ($failed -gt 0)
