# The words that a suite is made of, as they work while it is discovered: they build a tree of blocks and tests and run none of
# them. Only what our suites use is known; anything else, or an unknown parameter, fails as an unknown command does.
[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidAssignmentToAutomaticVariable', '', Justification = 'ForEach is what the parameter is called.')]
[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSProvideCommentHelp', '', Justification = 'These are the words of Pester, which has help for them.')]
param()

$script:current = $null

# Runs what discovers the suite and gives the tree's root, a block without a name. It has to come from outside: a file that a module
# runs belongs to the module.
function Read-Suite {
    param([Parameter(Mandatory)] [scriptblock] $Discovery)

    $root = New-SuiteItem -Kind Root -Name '' -Body $null -Line 0
    $script:current = $root
    try {
        $null = & $Discovery
    }
    finally {
        $script:current = $null
    }

    $root
}

function Describe {
    param(
        [Parameter(Mandatory, Position = 0)] [ValidateNotNullOrEmpty()] [string] $Name,
        [Parameter(Mandatory, Position = 1)] [scriptblock] $Fixture,
        [object[]] $ForEach
    )

    Add-SuiteItem -Kind Block -Name $Name -Body $Fixture -Line $MyInvocation.ScriptLineNumber -Rows (Get-SuiteRow $PSBoundParameters)
}

function Context {
    param(
        [Parameter(Mandatory, Position = 0)] [ValidateNotNullOrEmpty()] [string] $Name,
        [Parameter(Mandatory, Position = 1)] [scriptblock] $Fixture,
        [object[]] $ForEach
    )

    Add-SuiteItem -Kind Block -Name $Name -Body $Fixture -Line $MyInvocation.ScriptLineNumber -Rows (Get-SuiteRow $PSBoundParameters)
}

function It {
    param(
        [Parameter(Mandatory, Position = 0)] [ValidateNotNullOrEmpty()] [string] $Name,
        [Parameter(Mandatory, Position = 1)] [scriptblock] $Test,
        [Alias('TestCases')] [object[]] $ForEach
    )

    if ($script:current.Kind -eq 'Root') { throw "It '$Name' is not in a block." }
    Add-SuiteItem -Kind Test -Name $Name -Body $Test -Line $MyInvocation.ScriptLineNumber -Rows (Get-SuiteRow $PSBoundParameters)
}

function BeforeAll { param([Parameter(Mandatory, Position = 0)] [scriptblock] $Step) Add-SuiteStep -Kind BeforeAll -Step $Step }
function BeforeEach { param([Parameter(Mandatory, Position = 0)] [scriptblock] $Step) Add-SuiteStep -Kind BeforeEach -Step $Step }
function AfterEach { param([Parameter(Mandatory, Position = 0)] [scriptblock] $Step) Add-SuiteStep -Kind AfterEach -Step $Step }
function AfterAll { param([Parameter(Mandatory, Position = 0)] [scriptblock] $Step) Add-SuiteStep -Kind AfterAll -Step $Step }

# One row a case; without -ForEach a single one that holds no data. A table without rows would be a test that never runs.
function Get-SuiteRow {
    param([Collections.IDictionary] $Bound)

    if (-not $Bound.ContainsKey('ForEach')) { return @{ HasData = $false; Data = $null } }
    if (@($Bound['ForEach']).Count -eq 0) { throw "'$($Bound['Name'])' has an empty -ForEach: it would not run." }
    foreach ($item in $Bound['ForEach']) { @{ HasData = $true; Data = $item } }
}

function Add-SuiteItem {
    param([string] $Kind, [string] $Name, [scriptblock] $Body, [int] $Line, [object[]] $Rows)

    $parent = $script:current
    if (-not $parent) { throw "'$Name' is in a test or in its set-up. Blocks and tests are found before any of them runs." }
    foreach ($row in $Rows) {
        $item = New-SuiteItem -Kind $Kind -Name $Name -Body $Body -Line $Line -Row $row -Parent $parent
        $parent.Items.Add($item)
        if ($Kind -eq 'Test') { continue }

        $script:current = $item
        try {
            # Not run here: the body sees the variables of its case and of the blocks around it, and none of these.
            $null = Invoke-SuiteBody $row $Body
        }
        finally {
            $script:current = $parent
        }
    }
}

function Add-SuiteStep {
    param([string] $Kind, [scriptblock] $Step)

    if (-not $script:current) { throw "$Kind is in a test. It belongs to a block." }
    if ($Kind -like '*Each' -and $script:current.Kind -eq 'Root') { throw "$Kind is not in a block." }
    if ($script:current.$Kind) { throw "$Kind is in one block twice, of which Pester runs only the last." }
    $script:current.$Kind = $Step
}

function New-SuiteItem {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'It makes an object in memory.')]
    param([string] $Kind, [string] $Name, [scriptblock] $Body, [int] $Line, [object] $Row = @{ HasData = $false; Data = $null }, [object] $Parent)

    [pscustomobject]@{
        Kind = $Kind
        Name = $Name
        # The name with its <templates> filled in, once the item runs.
        ExpandedName = $Name
        Line = $Line
        Row = $Row
        Body = $Body
        Parent = $Parent
        Items = [Collections.Generic.List[object]]::new()
        BeforeAll = $null
        BeforeEach = $null
        AfterEach = $null
        AfterAll = $null
    }
}

# ForEach-Object runs its block in the scope that it stands in, which is what this word is for.
$alias:BeforeDiscovery = 'ForEach-Object'

Export-ModuleMember -Function Read-Suite, Describe, Context, It, BeforeAll, BeforeEach, AfterEach, AfterAll -Alias BeforeDiscovery
