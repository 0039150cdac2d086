<#
.SYNOPSIS
    Runs one step of a pipeline, which gets, sets, imports, exports, compares, copies or searches configurations. The GitHub action, the Azure Pipelines task and the step template run this script.
.DESCRIPTION
    Inputs are environment variables ACM_INPUT_NAME, never script text, so their values are not run as code. They are removed from the environment before anything else runs. (Azure's own PowerShell
    task removes variables named INPUT_NAME.)

    Text in inputs, configurations and errors cannot run commands of the runner: content is not printed to the log, commands in other text are made harmless, and a summary has a fence that is longer
    than any fence in its text. Every step writes a summary, and a failed step writes one error annotation.

    Exit codes: 0 success, 1 error, 2 difference or match with fail-on-difference or fail-on-match. A runner that dot-sources scripts, such as GitHub's, sees 1 instead of 2.
#>
[CmdletBinding()]
param()

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$isGitHub = $env:GITHUB_ACTIONS -eq 'true'
$isAzure = $env:TF_BUILD -eq 'true'

# The names of the inputs, without dashes: action.yml, task.json and step-template.yml have the same.
$names = @(
    'command', 'server', 'endpoint', 'serverType', 'namespace', 'username', 'password', 'direct', 'useTls', 'caCertificatePath', 'accessKey', 'secretKey', 'securityToken', 'credentialSource', 'roleArn', 'oidcProviderArn',
    'useKms', 'kmsRegionId', 'kmsKeyId', 'dataId', 'group', 'toNamespace', 'path', 'content', 'name', 'prefix', 'allowName', 'secretPattern', 'encodeMultilineSecret', 'output', 'delete', 'whatIf',
    'failOnDifference', 'pattern', 'simpleMatch', 'failOnMatch', 'modulePath', 'moduleVersion', 'moduleSha256'
)
$inputs = @{}
foreach ($name in $names) {
    $variable = 'ACM_INPUT_' + $name.ToUpperInvariant()
    $inputs[$name] = [string] [Environment]::GetEnvironmentVariable($variable)
    # Not $null, which PowerShell makes an empty text of: a variable that is empty.
    [Environment]::SetEnvironmentVariable($variable, [NullString]::Value)
}

# Writes to standard output in the runner's encoding, because a host would color and wrap the text.
function Write-Raw([string] $Text) {
    [Console]::Out.WriteLine($Text)
}

# Returns untrusted text as one line that runners do not interpret as a command.
function Format-LogText([string] $Text) {
    ($Text -replace '[\p{Cc}\p{Cf}\u2028\u2029]+', ' ') -replace '#(?=#)', '# ' -replace '^\s*::', ': :'
}

# Returns untrusted text as the data of a command. Agents decode %AZP25 as a percent sign, unless the pipeline sets DECODE_PERCENTS to false.
function Format-CommandData([string] $Text) {
    if ($isAzure) {
        if ($env:DECODE_PERCENTS -ne 'false') { $Text = $Text.Replace('%', '%AZP25') }
        $Text.Replace("`r", '%0D').Replace("`n", '%0A')
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

# Appends to a file of the runner, whose last line may have no line break.
function Add-RunnerText([string] $File, [string] $Text) {
    $start = ''
    if ([IO.File]::Exists($File)) {
        $stream = [IO.File]::Open($File, 'Open', 'Read', 'ReadWrite')
        try {
            if ($stream.Length -gt 0) {
                $null = $stream.Seek(-1, 'End')
                if ($stream.ReadByte() -ne 10) { $start = "`n" }
            }
        } finally {
            $stream.Dispose()
        }
    }
    [IO.File]::AppendAllText($File, $start + $Text)
}

# Only for values without line breaks: true, false, digits.
function Write-StepOutput([string] $Name, [string] $Value) {
    if ($isGitHub) {
        Add-RunnerText $env:GITHUB_OUTPUT "$Name=$Value`n"
    } elseif ($isAzure) {
        Write-Raw "##vso[task.setvariable variable=$Name;isOutput=true]$Value"
    }
}

# The text is untrusted; the title is not.
function Write-Summary([string] $Title, [string] $Text) {
    $script:hasSummary = $true
    $most = 200000
    if ($Text.Length -gt $most) { $Text = $Text.Substring(0, $most) + "`n... cut: the whole is too long for a summary" }
    # Invisible characters could reverse lines or end a cell; unusual line separators could end the fence.
    $Text = $Text.Replace("`r", '^M') -replace '[\p{Cc}\p{Cf}\u2028\u2029-[\n\t]]', '?'
    $longest = 2
    foreach ($run in [regex]::Matches($Text, '`+')) { $longest = [Math]::Max($longest, $run.Length) }
    $fence = '`' * ($longest + 1)
    $markdown = if ($Text) { "### $Title`n`n${fence}diff`n$Text`n$fence`n`n" } else { "### $Title`n`n" }
    if ($isGitHub -and $env:GITHUB_STEP_SUMMARY) {
        Add-RunnerText $env:GITHUB_STEP_SUMMARY $markdown
    } elseif ($isAzure) {
        $folder = if ($env:AGENT_TEMPDIRECTORY) { $env:AGENT_TEMPDIRECTORY } else { [IO.Path]::GetTempPath() }
        # The file is not removed: the agent reads it when the job ends, then empties the folder.
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
    if ($lines.Count -ne 1) { throw "The command '$($inputs.command)' needs one line in the input '$Name', but it has $($lines.Count)." }

    $lines[0]
}

function ConvertTo-Secret([string] $Text) {
    $secret = New-Object securestring
    foreach ($character in $Text.ToCharArray()) { $secret.AppendChar($character) }
    $secret.MakeReadOnly()
    $secret
}

# Returns an error as one line: ID, message and advice.
function Format-Error($Record) {
    $id = "$($Record.FullyQualifiedErrorId)".Split(',')[0]
    $text = if ($id -like 'Acm*') { "${id}: $Record $($Record.ErrorDetails.RecommendedAction)" } else { "$Record" }
    $text.Trim()
}

# Runs a command and returns its output. Warnings become annotations. Errors are written to the log; the step fails once, with the first one.
function Invoke-Quiet([scriptblock] $Command, [switch] $GoOn) {
    $ErrorActionPreference = 'Continue'
    foreach ($item in & $Command 2>&1 3>&1) {
        if ($item -is [Management.Automation.ErrorRecord]) {
            $script:failures += Format-Error $item
        } elseif ($item -is [Management.Automation.WarningRecord]) {
            Write-Issue warning "$item"
        } else {
            $item
        }
    }
    if (-not $GoOn) { Assert-NoFailure }
}

function Assert-NoFailure {
    if (-not $script:failures) { return }

    if ($script:failures.Count -gt 1) { $script:failures | ForEach-Object { Write-Line "error: $_" } }
    $others = $script:failures.Count - 1
    throw $script:failures[0] + $(if ($others) { " ($others more errors are in the log.)" })
}

# Uses a path, an installed module, or one exact package: the name is not registered in a gallery, so anyone could publish a package with it.
function Import-AcmModule {
    if ($inputs.modulePath) {
        $file = $inputs.modulePath.Trim()
        if ([IO.Directory]::Exists($file)) { $file = [IO.Path]::Combine($file, 'Acm.psd1') }
        if (-not [IO.File]::Exists($file)) { throw "The input 'modulePath' names no file and no folder with an Acm.psd1: '$file'." }

        Import-Module ([IO.Path]::GetFullPath($file))
        return
    }

    $wanted = $inputs.moduleVersion.Trim()
    if ($wanted -and $wanted -notmatch '^\d+\.\d+\.\d+$') { throw "The input 'moduleVersion' is '$wanted'; expected three numbers, as 1.2.3." }

    if (Get-Module Acm -ListAvailable | Where-Object { -not $wanted -or "$($_.Version)" -eq $wanted }) {
        if ($wanted) { Import-Module Acm -RequiredVersion $wanted } else { Import-Module Acm }
        return
    }

    $hash = $inputs.moduleSha256.Trim()
    if (-not $wanted -or -not $hash) {
        throw "The module Acm$(if ($wanted) { " $wanted" }) is not on this runner. Specify the input 'modulePath', or 'moduleVersion' and 'moduleSha256' for a package of your own repository."
    }

    Import-Module (Save-AcmPackage $wanted $hash)
}

# Downloads one version, and unpacks it only if its hash matches.
function Save-AcmPackage([string] $Version, [string] $Sha256) {
    if (-not (Get-Command Save-PSResource -ErrorAction Ignore)) { throw "Save-PSResource (module Microsoft.PowerShell.PSResourceGet) is not on this runner. Specify the input 'modulePath' instead." }

    Write-Line "Downloading the module Acm $Version"
    $parent = if ($env:RUNNER_TEMP) { $env:RUNNER_TEMP } elseif ($env:AGENT_TEMPDIRECTORY) { $env:AGENT_TEMPDIRECTORY } else { [IO.Path]::GetTempPath() }
    $folder = [IO.Directory]::CreateDirectory([IO.Path]::Combine($parent, "acm-$([Guid]::NewGuid().ToString('N'))")).FullName
    Save-PSResource -Name Acm -Version $Version -Path $folder -AsNupkg -TrustRepository
    $package = @([IO.Directory]::GetFiles($folder, '*.nupkg'))
    if ($package.Count -ne 1) { throw "The module Acm $Version was not found in a registered repository." }

    $algorithm = [Security.Cryptography.SHA256]::Create()
    $stream = [IO.File]::OpenRead($package[0])
    try { $actual = [BitConverter]::ToString($algorithm.ComputeHash($stream)).Replace('-', '') } finally { $stream.Dispose() }
    if ($actual -ne $Sha256) { throw "The package Acm $Version has the SHA-256 hash '$actual'; expected '$Sha256'. It was not used." }

    Add-Type -AssemblyName System.IO.Compression.FileSystem
    $module = [IO.Path]::Combine($folder, 'Acm')
    [IO.Compression.ZipFile]::ExtractToDirectory($package[0], $module)
    [IO.Path]::Combine($module, 'Acm.psd1')
}

function Connect-Server {
    # -NoSnapshot, because failing is better than using a stale value of an earlier job.
    $connection = @{ Namespace = $inputs.namespace.Trim(); NoSnapshot = $true }
    $servers = @(Get-Line server)
    $endpoints = @(Get-Line endpoint)
    if ([bool] $servers -eq [bool] $endpoints) { throw "The command '$($inputs.command)' needs one of the inputs 'server' and 'endpoint'." }

    if ($servers) { $connection.Server = $servers } else { $connection.Endpoint = $endpoints }
    if ($inputs.serverType.Trim()) { $connection.ServerType = $inputs.serverType.Trim() }
    if ([bool] $inputs.username -ne [bool] $inputs.password) { throw "The inputs 'username' and 'password' belong together." }

    if ($inputs.username) { $connection.Credential = New-Object pscredential $inputs.username, (ConvertTo-Secret $inputs.password) }
    foreach ($name in 'direct', 'useTls', 'useKms') { if (Get-Flag $name) { $connection[$name] = $true } }
    foreach ($name in 'caCertificatePath', 'accessKey', 'credentialSource', 'roleArn', 'oidcProviderArn', 'kmsRegionId', 'kmsKeyId') {
        if ($inputs[$name]) { $connection[$name] = $inputs[$name] }
    }
    foreach ($name in 'secretKey', 'securityToken') { if ($inputs[$name]) { $connection[$name] = ConvertTo-Secret $inputs[$name] } }
    $inputs.password = $inputs.secretKey = $inputs.securityToken = $null
    $null = Invoke-Quiet { Connect-Acm @connection }
}

# Returns the filters for the namespace. Without inputs, commands for files use all groups.
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
    if ($patterns) { @{ SecretPattern = $patterns } } else { @{} }
}

# Writes names and counts of differences to the log, and the redacted diffs to the summary only.
function Show-Difference([object[]] $Differences, [string] $Title) {
    $parts = foreach ($difference in $Differences) {
        $line = "$($difference.State) $difference (+$($difference.AddedLines) -$($difference.RemovedLines))"
        Write-Line "  $line"
        if ($null -eq $difference.RedactedDiff) { "# $line`n# (not shown: the content is encrypted or could not be read)`n" } else { "# $line`n$($difference.RedactedDiff)" }
    }
    Write-Summary "$Title ($($Differences.Count))" ($parts -join "`n")
}

# Writes the plan of an import or a copy.
function Show-Plan([object[]] $Plan, [string] $Title) {
    Write-Line "What would be done: $($Plan.Count) changes."
    if ($Plan) { Show-Difference $Plan $Title } else { Write-Summary "$Title (0)" '' }
}

# Writes the result of an import or a copy.
function Show-Transfer($Done, [string] $Title) {
    if (-not $Done) { return }

    $counts = "$($Done.Added) added, $($Done.Changed) changed, $($Done.Removed) removed, $($Done.Unchanged) as they were"
    if ($Done.Failed) { $counts += ", $($Done.Failed) failed" }
    Write-Line $counts
    $lines = $Done.Items | Where-Object { $_.Outcome -ne 'NothingToDo' } | ForEach-Object { if ($_.Outcome -eq 'Done') { "$($_.State) $_" } else { "! $($_.State) ${_}: $($_.Outcome)" } }
    Write-Summary "${Title}: $counts" ($lines -join "`n")
}

function Invoke-Get {
    $groups = @(Get-Line group)
    $export = @{}
    if ($groups) { $export.Group = $groups }
    $patterns = @(Get-Line secretPattern)
    if ($patterns) { $export.SecretPattern = $patterns }
    if (Get-Flag output) {
        # A composite action can set only the outputs that it declares.
        if ($inputs.name -or $inputs.prefix) { throw "The input 'output' cannot be combined with 'name' or 'prefix'." }

        $export.DataId = Get-One dataId
        $read = @{ DataId = $export.DataId }
        if ($groups) { $read.Group = $groups }
        $config = @(Invoke-Quiet { Get-AcmConfig @read })
        $variable = @(Invoke-Quiet { Export-AcmEnvironment @export -Name content -AsOutput -PassThru })
        if ($config.Count -ne 1 -or $variable.Count -ne 1 -or $variable[0].Value -cne $config[0].Content) { throw "The input 'dataId' must match one configuration, which must not change while it is read." }

        Write-StepOutput md5 $config[0].Md5
        Write-Line "$($config[0].Group)/$($config[0].DataId) is the output content."
        Write-Summary 'Output content' "$($config[0].Group)/$($config[0].DataId), MD5 $($config[0].Md5)"
        return
    }

    $export.DataId = @(Get-Line dataId -Needed)
    if ($inputs.name) { $export.Name = $inputs.name }
    if ($inputs.prefix) { $export.Prefix = $inputs.prefix }
    $allowed = @(Get-Line allowName)
    if ($allowed) { $export.AllowName = $allowed }
    if (-not ($inputs.name -or $inputs.prefix -or $allowed)) {
        throw "The command 'get' needs the input 'prefix', 'name' or 'allowName'. Without one, people who can edit the configuration could set any variable of later steps, and run code there."
    }

    if (Get-Flag encodeMultilineSecret) { $export.EncodeMultilineSecret = $true }
    $variables = @(Invoke-Quiet { Export-AcmEnvironment @export -PassThru })
    Write-Line "$($variables.Count) variables: $(($variables | ForEach-Object { $_.Name }) -join ', ')"
    Write-Summary "Variables for later steps ($($variables.Count))" (($variables | ForEach-Object { "$($_.Name)$(if ($_.IsSecret) { ' (secret)' }), from $($_.Group)/$($_.DataId)" }) -join "`n")
}

function Invoke-Set {
    $target = @{ DataId = Get-One dataId }
    if ($inputs.group) { $target.Group = Get-One group }
    if ($inputs.path -and $inputs.content) { throw "Specify either the input 'content' or the input 'path'." }

    if ($inputs.path) { $target.LiteralPath = $inputs.path } else { $target.Content = Get-Needed content }
    $config = Invoke-Quiet { Set-AcmConfig @target -PassThru }
    Write-Line "Published $($config.Group)/$($config.DataId), MD5 $($config.Md5)"
    Write-Summary 'Published' "$($config.Group)/$($config.DataId), MD5 $($config.Md5)"
}

function Invoke-Import {
    $path = Get-Needed path
    $selection = Get-Selection
    $secrets = Get-SecretPattern
    $delete = Get-Flag delete
    $whatIf = Get-Flag whatIf
    if ($delete -or $whatIf) {
        $plan = @(Invoke-Quiet { Import-AcmConfig -LiteralPath $path @selection @secrets -Delete:$delete -Confirm:$false -PlanOnly })
        if ($whatIf) {
            Show-Plan $plan 'What an import would change'
            return
        }
    }

    Show-Transfer (Invoke-Quiet { Import-AcmConfig -LiteralPath $path @selection -Delete:$delete -Confirm:$false } -GoOn) 'Imported'
}

function Invoke-Copy {
    $selection = Get-Selection
    $secrets = Get-SecretPattern
    $delete = Get-Flag delete
    $whatIf = Get-Flag whatIf
    $to = (Get-Needed toNamespace).Trim()
    if ($delete -or $whatIf) {
        $plan = @(Invoke-Quiet { Copy-AcmConfig -ToNamespace $to @selection @secrets -Delete:$delete -Confirm:$false -PlanOnly })
        if ($whatIf) {
            Show-Plan $plan 'What a copy would change'
            return
        }
    }

    Show-Transfer (Invoke-Quiet { Copy-AcmConfig -ToNamespace $to @selection -Delete:$delete -Confirm:$false } -GoOn) 'Copied'
}

function Invoke-Export {
    $path = Get-Needed path
    $selection = Get-Selection
    $more = if (Get-Flag delete) { @{ Delete = $true; Confirm = $false } } else { @{} }
    $done = Invoke-Quiet { Export-AcmConfig -LiteralPath $path @selection @more }
    $counts = "$($done.Exported) exported, $($done.Unchanged) as they were, $($done.Deleted) deleted"
    Write-Line $counts
    Write-Summary "Exported: $counts" ''
}

function Invoke-Compare {
    $selection = Get-Selection
    $secrets = Get-SecretPattern
    $path = [WildcardPattern]::Escape((Get-Needed path))
    $differences = @(Invoke-Quiet { Compare-AcmConfig $path @selection @secrets })
    Write-StepOutput different $(if ($differences) { 'true' } else { 'false' })
    if (-not $differences) {
        Write-Line 'Both sides are equal.'
        Write-Summary 'Both sides are equal' ''
        return
    }

    Show-Difference $differences 'Configuration that differs'
    if (Get-Flag failOnDifference) {
        Write-Issue error "$($differences.Count) configurations differ."
        $script:exitCode = 2
    }
}

# Writes names and line numbers to the log, and the redacted lines to the summary only.
function Invoke-Search {
    $selection = Get-Selection
    $secrets = Get-SecretPattern
    $simple = Get-Flag simpleMatch
    $patterns = @(Get-Line pattern -Needed)
    $found = @(Invoke-Quiet { Search-AcmConfig -Pattern $patterns @selection @secrets -SimpleMatch:$simple })
    Write-StepOutput found $(if ($found) { 'true' } else { 'false' })
    $configs = @($found | Group-Object { "$($_.Group)/$($_.DataId)" } -CaseSensitive)
    $counts = "$($found.Count) lines in $($configs.Count) configurations"
    Write-Line "Found: $counts"
    foreach ($config in $configs) { Write-Line "  $($config.Name): $(($config.Group | ForEach-Object { $_.LineNumber }) -join ', ')" }
    Write-Summary "Found: $counts" (($found | ForEach-Object { "$($_.Group)/$($_.DataId):$($_.LineNumber): $($_.RedactedLine)" }) -join "`n")
    if ($found -and (Get-Flag failOnMatch)) {
        Write-Issue error "Found: $counts."
        $script:exitCode = 2
    }
}

$script:exitCode = 0
$script:failures = @()
$script:hasSummary = $false
try {
    # Runners read UTF-8, which is not the default on Windows.
    if ([Console]::OutputEncoding.CodePage -ne 65001) { [Console]::OutputEncoding = New-Object Text.UTF8Encoding $false }
    Write-Mask $inputs.password
    Write-Mask $inputs.secretKey
    Write-Mask $inputs.securityToken

    $command = $inputs.command.Trim()
    if ($command -notin 'get', 'set', 'import', 'export', 'compare', 'copy', 'search') { throw "The input 'command' is '$command'; expected get, set, import, export, compare, copy or search." }
    if ($inputs.whatIf -and (Get-Flag whatIf) -and $command -notin 'import', 'copy') { throw "The input 'whatIf' goes with import and copy only." }

    Import-AcmModule
    Connect-Server
    switch ($command) {
        'get' { Invoke-Get }
        'set' { Invoke-Set }
        'import' { Invoke-Import }
        'export' { Invoke-Export }
        'compare' { Invoke-Compare }
        'copy' { Invoke-Copy }
        'search' { Invoke-Search }
    }
    Assert-NoFailure
} catch {
    $message = Format-Error $_
    Write-Issue error $message
    $script:exitCode = 1
    # An error in the summary of a failed step is not reported as a second failure.
    if (-not $script:hasSummary) { try { Write-Summary 'Failed' (Format-LogText $message) } catch { Write-Line "The summary could not be written: $_" } }
}
exit $script:exitCode
