# Promotes configuration from one namespace to another: shows what would change, asks, copies, verifies. For pipelines and for people.
#
#   ./promote-to-production.ps1 -Endpoint acm.example.com -From staging -To prod -Group SHOP
#   ./promote-to-production.ps1 -Endpoint acm.example.com -From staging -To prod -Force       without a question, as in a pipeline
#   ./promote-to-production.ps1 -Server nacos.example.com:8848 -From staging -To prod -Credential nacos    with a Nacos
#   dotnet run --project tools/AcmShell -- examples/promote-to-production.ps1 -Force          a trial on a server of its own
#
# Exit codes: 0 the target is as the source now, 1 something failed or still differs, 2 nobody agreed to the changes.
# Nothing is removed from the target, unless -Delete. Keys: -Credential, or what Connect-Acm finds by itself.
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

# What still has to be done. What only the target has counts where it is to be removed.
function Get-Difference {
    param([switch] $Delete)

    Compare-AcmConfig -ToNamespace $To @filter | Where-Object { $Delete -or $_.State -ne 'Removed' }
}

# Each diff in full, in the host's colours, with *** in place of secret values. Encrypted configurations are not shown.
function Show-Difference {
    $input | ForEach-Object {
        "$($_.State) $_"
        $_.ShowDiff($Host)
    }
}

# Writes what it does, and leaves the exit code.
function Invoke-Promotion {
    param([switch] $Delete, [switch] $Force)

    $script:exitCode = 0
    # A namespace that is mistyped has nothing in it: that is not a success, and -Delete would empty the target.
    if (-not (Find-AcmConfig @filter | Select-Object -First 1)) {
        $script:exitCode = 1
        return "$From has none of the configurations that were asked for: nothing was changed."
    }

    $differences = @(Get-Difference -Delete:$Delete)
    if ($differences.Count -eq 0) { return "$To is as $From already." }

    $differences | Show-Difference
    if (-not $Force) {
        $script:exitCode = 2
        try {
            $isAgreed = $PSCmdlet.ShouldContinue("Bring these $($differences.Count) changes from $From to $($To)?", 'Promote')
        } catch {
            return 'There is nobody to ask, and nothing was changed. -Force goes ahead without a question.'
        }

        if (-not $isAgreed) { return 'Nothing was changed.' }
        $script:exitCode = 0
    }

    # The question was asked above. The guard against a source that is suddenly tiny stays, and what somebody changes meanwhile is a conflict.
    # One that fails is an error, and the others go on: what counts is the summary, and what is there afterwards.
    $summary = Copy-AcmConfig -ToNamespace $To @filter -Delete:$Delete -Confirm:$false -ErrorAction Continue
    "Added $($summary.Added), changed $($summary.Changed), removed $($summary.Removed), failed $($summary.Failed)."
    $left = @(Get-Difference -Delete:$Delete)
    if ($summary.IsComplete -and $left.Count -eq 0) { return "$To is as $From now." }

    $script:exitCode = 1
    "$($left.Count) configurations of $To are not as in $($From). Mend the errors and run this again: it goes on from there."
}

try {
    $keys = @{}
    if ($Credential) { $keys.Credential = $Credential }
    if ($Server) {
        $null = Connect-Acm -Server $Server -Namespace $From -NoSnapshot @keys
    } elseif ($Endpoint) {
        $null = Connect-Acm $Endpoint $From -NoSnapshot @keys
    } else {
        # A trial: one value that differs, and one that is new.
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
