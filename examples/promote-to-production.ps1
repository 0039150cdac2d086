# Promotes configurations from one namespace to another: shows the diffs, asks, copies and verifies. For pipelines and interactive use.
#
#   ./promote-to-production.ps1 -Endpoint acm.example.com -From staging -To prod -Group SHOP
#   ./promote-to-production.ps1 -Endpoint acm.example.com -From staging -To prod -Force       without a prompt, in a pipeline
#   ./promote-to-production.ps1 -Server nacos.example.com:8848 -From staging -To prod -Credential nacos    with a Nacos
#   dotnet run --project tools/AcmShell -- examples/promote-to-production.ps1 -Force          a trial with its own server
#
# Exit codes: 0 the target equals the source, 1 an error or remaining differences, 2 the changes were not confirmed.
# Configurations that only the target has are kept, unless you use -Delete. Credentials: -Credential, or none.
[CmdletBinding()]
param(
    [string] $Endpoint,
    [string[]] $Server,
    [string] $From = 'staging',
    [string] $To = 'prod',
    [string[]] $DataId = '*',
    [string[]] $Group = '*',
    [pscredential] $Credential,
    [switch] $Delete,
    [switch] $Force
)

$ErrorActionPreference = 'Stop'
Import-Module Acm
$filter = @{ DataId = $DataId; Group = $Group }

# The remaining differences. Configurations that only the target has count only with -Delete.
function Get-Difference {
    param([switch] $Delete)

    Compare-AcmConfig -ToNamespace $To @filter | Where-Object { $Delete -or $_.State -ne 'Removed' }
}

# Shows each diff in the host's colors, with *** in place of secret values. Encrypted configurations are not shown.
function Show-Difference {
    $input | ForEach-Object {
        "$($_.State) $_"
        $_.ShowDiff($Host)
    }
}

# Promotes, and sets $exitCode.
function Invoke-Promotion {
    param([switch] $Delete, [switch] $Force)

    $script:exitCode = 0
    # A mistyped namespace is empty. That is an error, because -Delete would empty the target.
    if (-not (Find-AcmConfig @filter | Select-Object -First 1)) {
        $script:exitCode = 1
        return "$From has no matching configurations. Nothing was changed."
    }

    $differences = @(Get-Difference -Delete:$Delete)
    if ($differences.Count -eq 0) { return "$To equals $From already." }

    $differences | Show-Difference
    if (-not $Force) {
        $script:exitCode = 2
        try {
            $isAgreed = $PSCmdlet.ShouldContinue("Copy these $($differences.Count) changes from $From to $($To)?", 'Promote')
        } catch {
            return 'The session is not interactive, and nothing was changed. Use -Force to skip the prompt.'
        }

        if (-not $isAgreed) { return 'Nothing was changed.' }
        $script:exitCode = 0
    }

    # -Confirm:$false, because the script has asked already; it keeps the safety check against an almost empty source. If an item fails,
    # the others are still copied, so the summary and a new comparison decide about success.
    $summary = Copy-AcmConfig -ToNamespace $To @filter -Delete:$Delete -Confirm:$false -ErrorAction Continue
    "Added $($summary.Added), changed $($summary.Changed), removed $($summary.Removed), failed $($summary.Failed)."
    $left = @(Get-Difference -Delete:$Delete)
    if ($summary.IsComplete -and $left.Count -eq 0) { return "$To equals $From now." }

    $script:exitCode = 1
    "$($left.Count) configurations still differ between $From and $($To). Correct the errors and run the script again."
}

try {
    $keys = @{}
    if ($Credential) { $keys.Credential = $Credential }
    if ($Server) {
        $null = Connect-Acm -Server $Server -Namespace $From -NoSnapshot @keys
    } elseif ($Endpoint) {
        $null = Connect-Acm $Endpoint $From -NoSnapshot @keys
    } else {
        # The trial has one different and one new configuration.
        $trial = Start-AcmServer -InMemory
        $null = Connect-Acm $trial.Endpoint $From -NoSnapshot
        Set-AcmConfig app.yaml "level: info`npool: 20`n"
        Set-AcmConfig feature.json '{ "checkout": true }' -Group SHOP
        Set-AcmConfig app.yaml "level: debug`npool: 20`n" -Namespace $To
    }

    Invoke-Promotion -Delete:$Delete -Force:$Force
} catch {
    "The promotion failed: $_"
    $exitCode = 1
} finally {
    if ($trial) { Stop-AcmServer }
}

exit $exitCode
