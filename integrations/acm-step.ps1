<#
.SYNOPSIS
    One step of a pipeline: gets, sets, imports, exports or compares configuration. The GitHub action, the Azure Pipelines task and the step template all run this file.
.DESCRIPTION
    Inputs come by variables ACM_INPUT_NAME, never as text of a script: what they hold is no code. They are taken out of the environment before anything else runs. (INPUT_NAME would not do:
    Azure's own PowerShell task swallows those.)

    What inputs, configurations and errors hold can't command the runner: no content is printed to the log, the rest is printed with its commands broken, and a summary keeps all of it in a
    fence longer than any in it.

    Exit codes: 0 done, 1 failed, 2 different where fail-on-difference is true. Where a runner dot-sources scripts, as GitHub's does, it sees 1 for 2.
#>
[CmdletBinding()]
param()

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$isGitHub = $env:GITHUB_ACTIONS -eq 'true'
$isAzure = $env:TF_BUILD -eq 'true'

# The names of the inputs, without dashes: action.yml, task.json and step-template.yml have the same.
$names = @(
    'command', 'endpoint', 'namespace', 'direct', 'useTls', 'caCertificatePath', 'accessKey', 'secretKey', 'securityToken', 'credentialSource', 'roleArn', 'oidcProviderArn',
    'useKms', 'kmsRegionId', 'kmsKeyId', 'dataId', 'group', 'path', 'content', 'name', 'prefix', 'secretPattern', 'output', 'delete', 'whatIf', 'failOnDifference', 'moduleVersion'
)
$inputs = @{}
foreach ($name in $names) {
    $variable = 'ACM_INPUT_' + $name.ToUpperInvariant()
    $inputs[$name] = [string] [Environment]::GetEnvironmentVariable($variable)
    # Not $null, which PowerShell makes an empty text of: a variable that is empty.
    [Environment]::SetEnvironmentVariable($variable, [NullString]::Value)
}

# Straight to standard output, in the runner's encoding: a host would colour and wrap it.
function Write-Raw([string] $Text) {
    [Console]::Out.WriteLine($Text)
}

# Text that may hold anything, on one line that no runner takes for a command.
function Format-LogText([string] $Text) {
    ($Text -replace '[\p{Cc}\p{Cf}\u2028\u2029]+', ' ') -replace '#(?=#)', '# ' -replace '^\s*::', ': :'
}

# The part of a command that may hold anything.
function Format-CommandData([string] $Text) {
    if ($isAzure) {
        $Text.Replace('%', '%AZP25').Replace("`r", '%0D').Replace("`n", '%0A')
    } else {
        $Text.Replace('%', '%25').Replace("`r", '%0D').Replace("`n", '%0A')
    }
}

function Write-Line([string] $Text) {
    Write-Raw (Format-LogText $Text)
}

function Write-Issue([string] $Kind, [string] $Text) {
    $line = Format-CommandData (Format-LogText $Text)
    if ($isGitHub) {
        Write-Raw "::${Kind}::$line"
    } elseif ($isAzure) {
        Write-Raw "##vso[task.logissue type=$Kind]$line"
    } else {
        Write-Line "${Kind}: $Text"
    }
}

function Write-Mask([string] $Secret) {
    if (-not $Secret) { return }

    if ($isGitHub) {
        Write-Raw "::add-mask::$(Format-CommandData $Secret)"
    } elseif ($isAzure) {
        Write-Raw "##vso[task.setsecret]$(Format-CommandData $Secret)"
    }
}

# Only for values that hold no line end: true, false, digits.
function Write-StepOutput([string] $Name, [string] $Value) {
    if ($isGitHub) {
        [IO.File]::AppendAllText($env:GITHUB_OUTPUT, "$Name=$Value`n")
    } elseif ($isAzure) {
        Write-Raw "##vso[task.setvariable variable=$Name;isOutput=true]$Value"
    }
}

function Write-Summary([string] $Title, [string] $Text) {
    $most = 200000
    if ($Text.Length -gt $most) { $Text = $Text.Substring(0, $most) + "`n... cut: the whole is too long for a summary" }
    # What is invisible could turn lines round or end a cell; what is a line end in no more than some eyes could end the fence.
    $Text = $Text.Replace("`r", '^M') -replace '[\p{Cc}\p{Cf}\u2028\u2029-[\n\t]]', '?'
    $longest = 2
    foreach ($run in [regex]::Matches($Text, '`+')) { $longest = [Math]::Max($longest, $run.Length) }
    $fence = '`' * ($longest + 1)
    $markdown = "### $Title`n`n${fence}diff`n$Text`n$fence`n`n"
    if ($isGitHub -and $env:GITHUB_STEP_SUMMARY) {
        [IO.File]::AppendAllText($env:GITHUB_STEP_SUMMARY, $markdown)
    } elseif ($isAzure) {
        $folder = if ($env:AGENT_TEMPDIRECTORY) { $env:AGENT_TEMPDIRECTORY } else { [IO.Path]::GetTempPath() }
        # It stays: the agent takes it when the job ends, and empties the folder itself.
        $file = [IO.Path]::Combine($folder, "acm-$([Guid]::NewGuid().ToString('N')).md")
        [IO.File]::WriteAllText($file, $markdown)
        Write-Raw "##vso[task.uploadsummary]$(Format-CommandData $file)"
    }
}

function Get-Flag([string] $Name) {
    switch ($inputs[$Name].Trim()) {
        '' { return $false }
        'true' { return $true }
        'false' { return $false }
        default { throw "The input '$Name' is true or false." }
    }
}

function Get-Line([string] $Name, [switch] $Needed) {
    if ($Needed) { $null = Get-Needed $Name }

    @($inputs[$Name] -split "`n" | ForEach-Object { $_.Trim() } | Where-Object { $_ })
}

function Get-Needed([string] $Name) {
    if (-not $inputs[$Name]) { throw "The command '$($inputs.command)' needs the input '$Name'." }

    $inputs[$Name]
}

function Get-One([string] $Name) {
    $lines = @(Get-Line $Name)
    if ($lines.Count -ne 1) { throw "The command '$($inputs.command)' needs one line in the input '$Name', and there are $($lines.Count)." }

    $lines[0]
}

function ConvertTo-Secret([string] $Text) {
    $secret = New-Object securestring
    foreach ($character in $Text.ToCharArray()) { $secret.AppendChar($character) }
    $secret.MakeReadOnly()
    $secret
}

# Runs a command and gives what it writes. Its warnings are told; its errors are, too, and fail the step once all of them are.
function Invoke-Quiet([scriptblock] $Command) {
    $failed = 0
    $ErrorActionPreference = 'Continue'
    foreach ($item in & $Command 2>&1 3>&1) {
        if ($item -is [Management.Automation.ErrorRecord]) {
            $failed++
            Write-Issue error "$($item.FullyQualifiedErrorId.Split(',')[0]): $item $($item.ErrorDetails.RecommendedAction)"
        } elseif ($item -is [Management.Automation.WarningRecord]) {
            Write-Issue warning "$item"
        } else {
            $item
        }
    }
    if ($failed) { throw "$($inputs.command) has failed; what is wrong is above ($failed)." }
}

function Import-AcmModule {
    $wanted = $inputs.moduleVersion.Trim()
    if ($wanted -and $wanted -notmatch '^\d+\.\d+\.\d+$') { throw "The input 'moduleVersion' is three numbers, as 1.2.3." }

    $version = @{}
    if (-not (Get-Module Acm -ListAvailable | Where-Object { -not $wanted -or "$($_.Version)" -eq $wanted })) {
        Write-Line "Installing the module Acm $wanted"
        if (Get-Command Install-PSResource -ErrorAction Ignore) {
            if ($wanted) { $version.Version = $wanted }
            Install-PSResource -Name Acm -TrustRepository -Scope CurrentUser @version
        } elseif (Get-Command Install-Module -ErrorAction Ignore) {
            if ($wanted) { $version.RequiredVersion = $wanted }
            Install-Module -Name Acm -Force -Scope CurrentUser @version
        } else {
            throw 'The module Acm is not installed, and neither Install-PSResource nor Install-Module is there to get it.'
        }
    }

    if ($wanted) { Import-Module Acm -RequiredVersion $wanted } else { Import-Module Acm }
}

function Connect-Server {
    # No snapshots: a value of an earlier job would be worse than a step that fails.
    $connection = @{ Endpoint = @(Get-Line endpoint -Needed); Namespace = $inputs.namespace.Trim(); NoSnapshot = $true }
    foreach ($name in 'direct', 'useTls', 'useKms') { if (Get-Flag $name) { $connection[$name] = $true } }
    foreach ($name in 'caCertificatePath', 'accessKey', 'credentialSource', 'roleArn', 'oidcProviderArn', 'kmsRegionId', 'kmsKeyId') {
        if ($inputs[$name]) { $connection[$name] = $inputs[$name] }
    }
    foreach ($name in 'secretKey', 'securityToken') { if ($inputs[$name]) { $connection[$name] = ConvertTo-Secret $inputs[$name] } }
    $inputs.secretKey = $inputs.securityToken = $null
    $null = Invoke-Quiet { Connect-Acm @connection }
}

# What of a namespace is meant: of files all, where nothing is said.
function Get-Selection {
    $selection = @{}
    foreach ($name in 'dataId', 'group') {
        $lines = @(Get-Line $name)
        if ($lines) { $selection[$name] = $lines }
    }
    $selection
}

function Get-SecretPattern {
    $patterns = @(Get-Line secretPattern)
    if ($patterns) { return $patterns }

    # Those of Export-AcmEnvironment, which has the list.
    [Activator]::CreateInstance((Get-Command Export-AcmEnvironment).ImplementingType).SecretPattern
}

# Whether a difference may show a secret. A name may stand on a line that the diff leaves out, so that what the server has is looked at as well; rather too much is hidden.
function Test-Secret($Difference, [string[]] $Pattern) {
    if ($Difference.IsEncrypted -or $Difference.DataId -clike 'cipher-*' -or $null -eq $Difference.Diff) { return $true }

    $text = "$($Difference.DataId)`n$($Difference.Diff)"
    if ($Difference.State -ne 'Added') {
        $there = Get-AcmConfig $Difference.DataId $Difference.Group -NoDecrypt -ErrorAction SilentlyContinue
        if (-not $there) { return $true }

        $text = "$text`n$($there.Content)`n$($Difference.Diff)"
    }

    $text = [regex]::Replace($text, '\\u([0-9a-fA-F]{4})', { param($match) [string] [char] [Convert]::ToInt32($match.Groups[1].Value, 16) })
    foreach ($one in $Pattern) { if ($text -like "*$one*") { return $true } }
    $false
}

# Tells of differences: names and numbers in the log, texts in the summary only.
function Show-Difference([object[]] $Differences, [string] $Title) {
    $pattern = Get-SecretPattern
    $parts = foreach ($difference in $Differences) {
        $line = "$($difference.State) $difference (+$($difference.AddedLines) -$($difference.RemovedLines))"
        Write-Line "  $line"
        if (Test-Secret $difference $pattern) { "# $line`n# (not shown: it is encrypted, or may hold a secret)`n" } else { "# $line`n$($difference.Diff)" }
    }
    Write-Summary "$Title ($($Differences.Count))" ($parts -join "`n")
}

function Compare-Source([hashtable] $More) {
    $selection = Get-Selection
    $path = [WildcardPattern]::Escape((Get-Needed path))
    @(Invoke-Quiet { Compare-AcmConfig $path @selection @More })
}

function Invoke-Get {
    $groups = @(Get-Line group)
    $export = @{}
    if ($groups) { $export.Group = $groups }
    $patterns = @(Get-Line secretPattern)
    if ($patterns) { $export.SecretPattern = $patterns }
    if (Get-Flag output) {
        # A composite action has only the outputs that it declares.
        if ($inputs.name -or $inputs.prefix) { throw "The input 'output' gives the whole as the output content, so that 'name' and 'prefix' go without it only." }

        $export.DataId = Get-One dataId
        $read = @{ DataId = $export.DataId }
        if ($groups) { $read.Group = $groups }
        $config = @(Invoke-Quiet { Get-AcmConfig @read })
        $variable = @(Invoke-Quiet { Export-AcmEnvironment @export -Name content -AsOutput -PassThru })
        if ($config.Count -ne 1 -or $variable.Count -ne 1 -or $variable[0].Value -cne $config[0].Content) { throw 'The configuration is not one, or it changed while it was read. Run the step again.' }

        Write-StepOutput md5 $config[0].Md5
        Write-Line "$($config[0].Group)/$($config[0].DataId) is the output content."
        return
    }

    $export.DataId = @(Get-Line dataId -Needed)
    if ($inputs.name) { $export.Name = $inputs.name }
    if ($inputs.prefix) { $export.Prefix = $inputs.prefix }
    $variables = @(Invoke-Quiet { Export-AcmEnvironment @export -PassThru })
    Write-Line "$($variables.Count) variables: $(($variables | ForEach-Object { $_.Name }) -join ', ')"
}

function Invoke-Set {
    $target = @{ DataId = Get-One dataId }
    if ($inputs.group) { $target.Group = Get-One group }
    if ($inputs.path -and $inputs.content) { throw "The content comes from the input 'content' or from the file 'path', not from both." }

    if ($inputs.path) { $target.LiteralPath = $inputs.path } else { $target.Content = Get-Needed content }
    $config = Invoke-Quiet { Set-AcmConfig @target -PassThru }
    Write-Line "Published $($config.Group)/$($config.DataId), MD5 $($config.Md5)"
}

function Invoke-Import {
    $path = Get-Needed path
    $selection = Get-Selection
    $more = @{}
    $delete = Get-Flag delete
    $whatIf = Get-Flag whatIf
    if ($delete -or $whatIf) {
        $plan = @(Compare-Source @{ IncludeEqual = $true })
        # An empty folder is more often a wrong path than a wish.
        if ($delete -and -not ($plan | Where-Object { $_.State -ne 'Removed' })) { throw "'$path' has none of the configurations, so that delete would remove all of them." }

        if ($delete) { $more = @{ Delete = $true; Force = $true } }
        if ($whatIf) {
            $changes = @($plan | Where-Object { $_.State -ne 'Unchanged' -and ($delete -or $_.State -ne 'Removed') })
            Write-Line "What would be done: $($changes.Count) changes."
            if ($changes) { Show-Difference $changes 'What an import would change' }
            return
        }
    }

    $done = Invoke-Quiet { Import-AcmConfig -LiteralPath $path @selection @more }
    Write-Line "$($done.Added) added, $($done.Changed) changed, $($done.Removed) removed, $($done.Unchanged) as they were"
}

function Invoke-Export {
    $path = Get-Needed path
    $selection = Get-Selection
    $more = if (Get-Flag delete) { @{ Delete = $true; Force = $true } } else { @{} }
    $done = Invoke-Quiet { Export-AcmConfig -LiteralPath $path @selection @more }
    Write-Line "$($done.Exported) exported, $($done.Unchanged) as they were, $($done.Deleted) deleted"
}

function Invoke-Compare {
    $differences = @(Compare-Source @{})
    Write-StepOutput different $(if ($differences) { 'true' } else { 'false' })
    if (-not $differences) {
        Write-Line 'Both sides are equal.'
        return
    }

    Show-Difference $differences 'Configuration that differs'
    if (Get-Flag failOnDifference) {
        Write-Issue error "$($differences.Count) configurations differ."
        $script:exitCode = 2
    }
}

$script:exitCode = 0
try {
    # The runner reads UTF-8; Windows has something else.
    if ([Console]::OutputEncoding.CodePage -ne 65001) { [Console]::OutputEncoding = New-Object Text.UTF8Encoding $false }
    Write-Mask $inputs.secretKey
    Write-Mask $inputs.securityToken

    $command = $inputs.command.Trim()
    if ($command -notin 'get', 'set', 'import', 'export', 'compare') { throw "The input 'command' is get, set, import, export or compare." }
    if ($inputs.whatIf -and (Get-Flag whatIf) -and $command -ne 'import') { throw "The input 'whatIf' goes with import only." }

    Import-AcmModule
    Connect-Server
    switch ($command) {
        'get' { Invoke-Get }
        'set' { Invoke-Set }
        'import' { Invoke-Import }
        'export' { Invoke-Export }
        'compare' { Invoke-Compare }
    }
} catch {
    Write-Issue error "$_"
    $script:exitCode = 1
}
exit $script:exitCode
