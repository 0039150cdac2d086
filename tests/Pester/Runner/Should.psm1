# Should, with the operators that our suites use. In a module, so that a block given to -Throw sees none of its variables.
[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSProvideCommentHelp', '', Justification = 'This is a word of Pester, which has help for it.')]
param()

# Only these see the whole input; the others are asked about each item of it.
$script:wholeInput = 'Be', 'BeExactly', 'BeNullOrEmpty', 'Contain', 'HaveCount'

# Each answers whether the operator holds between what is there and what was expected.
$script:operators = @{
    Be = { param($Actual, $Expected) Test-Equal -Actual $Actual -Expected $Expected -Same { param($a, $b) $b -eq $a } }
    BeExactly = { param($Actual, $Expected) Test-Equal -Actual $Actual -Expected $Expected -Same { param($a, $b) $b -ceq $a } }
    BeNullOrEmpty = { param($Actual) Test-NullOrEmpty $Actual }
    BeTrue = { param($Actual) [bool] $Actual }
    BeFalse = { param($Actual) -not $Actual }
    BeGreaterThan = { param($Actual, $Expected) $Actual -gt $Expected }
    BeLessThan = { param($Actual, $Expected) $Actual -lt $Expected }
    BeIn = { param($Actual, $Expected) $Expected -contains $Actual }
    BeLike = { param($Actual, $Expected) $Actual -like $Expected }
    BeOfType = { param($Actual, $Expected) $Actual -is (Get-ExpectedType $Expected) }
    Contain = { param($Actual, $Expected) $Actual -contains $Expected }
    Exist = { param($Actual) Test-Path $Actual }
    HaveCount = { param($Actual, $Expected) $(if ($null -eq $Actual) { 0 } else { $Actual.Count }) -eq $Expected }
    Match = { param($Actual, $Expected) $Actual -match $Expected }
}

# These say all with their name.
$script:withoutExpected = 'BeNullOrEmpty', 'BeTrue', 'BeFalse', 'Exist'

function Should {
    param(
        [Parameter(ValueFromPipeline)] [object] $ActualValue,
        [Parameter(Position = 0)] [Alias('ExpectedType', 'RegularExpression', 'ExpectedMessage')] [object] $ExpectedValue,
        [switch] $Not,
        [string] $Because,
        [switch] $Be,
        [switch] $BeExactly,
        [switch] $BeNullOrEmpty,
        [switch] $BeTrue,
        [switch] $BeFalse,
        [switch] $BeGreaterThan,
        [switch] $BeLessThan,
        [switch] $BeIn,
        [switch] $BeLike,
        [switch] $BeOfType,
        [switch] $Contain,
        [switch] $Exist,
        [switch] $HaveCount,
        [switch] $Match,
        [switch] $Throw,
        [string] $ErrorId,
        [type] $ExceptionType,
        [switch] $PassThru
    )

    begin {
        $items = [Collections.Generic.List[object]]::new()
    }
    process {
        $items.Add($ActualValue)
    }
    end {
        $operator = Get-ShouldOperator $PSBoundParameters
        $expectation = @{
            Operator = $operator
            Negated = [bool] $Not
            Expected = $ExpectedValue
            Because = $(if ($Because) { " because $($Because -replace '^because\s')," })
        }
        if ($operator -eq 'Throw') {
            foreach ($item in $items) { Assert-Throw $item $expectation -ErrorId $ErrorId -ExceptionType $ExceptionType -PassThru $PassThru }
        }
        elseif ($items.Count -eq 0) { Assert-Value $null $expectation }
        elseif ($operator -in $script:wholeInput) { Assert-Value $items.ToArray() $expectation }
        else {
            foreach ($item in $items) { Assert-Value $item $expectation }
        }
    }
}

# The one operator of this call; a call that makes no sense fails here.
function Get-ShouldOperator {
    param([Collections.IDictionary] $Bound)

    $named = @(@($script:operators.Keys) + 'Throw' | Where-Object { $Bound.ContainsKey($_) })
    if ($named.Count -ne 1) { throw "Should needs one operator, and was given $($named.Count): $named" }

    $operator = $named[0]
    $known = @($operator, 'ActualValue', 'Not', 'Because')
    if ($operator -notin $script:withoutExpected) { $known += 'ExpectedValue' }
    if ($operator -eq 'Throw') { $known += 'ErrorId', 'ExceptionType', 'PassThru' }
    elseif ('ExpectedValue' -in $known -and -not $Bound.ContainsKey('ExpectedValue')) { throw "Should -$operator needs a value to compare with." }

    foreach ($name in $Bound.Keys) {
        if ($name -notin $known) { throw "Should -$operator has no parameter -$name." }
    }
    $operator
}

function Assert-Value {
    param($Actual, [hashtable] $Expectation)

    $holds = & $script:operators[$Expectation.Operator] $Actual $Expectation.Expected
    if ([bool] $holds -ne $Expectation.Negated) { return }

    $words = "$(if ($Expectation.Negated) { 'not ' })-$($Expectation.Operator)"
    if ($Expectation.Operator -notin $script:withoutExpected) { $words += " $(Format-Value $Expectation.Expected)" }
    throw "Expected $words,$($Expectation.Because) but got $(Format-Value $Actual)."
}

function Assert-Throw {
    param($Actual, [hashtable] $Expectation, [string] $ErrorId, [type] $ExceptionType, [bool] $PassThru)

    if ($Actual -isnot [scriptblock]) { throw 'Should -Throw needs a script block, in curly braces.' }
    $thrown = $null
    try {
        # The loop keeps a stray break from leaving the test.
        do { $null = & $Actual } until ($true)
    }
    catch {
        $thrown = $_
    }

    if ($Expectation.Negated) {
        if ($thrown) { throw "Expected no error,$($Expectation.Because) but '$thrown' was thrown ($($thrown.FullyQualifiedErrorId))." }
        return
    }

    if (-not $thrown) { throw "Expected an error,$($Expectation.Because) but nothing was thrown." }
    $message = $thrown.Exception.Message
    $wrong = @(
        if ($ExceptionType -and $thrown.Exception -isnot $ExceptionType) { "its type was $($thrown.Exception.GetType())" }
        if ($Expectation.Expected -and $message -notlike $Expectation.Expected) { "its message was '$message'" }
        if ($ErrorId -and $thrown.FullyQualifiedErrorId -notlike $ErrorId) { "its id was '$($thrown.FullyQualifiedErrorId)'" }
    )
    if ($wrong) {
        $wanted = @($(if ($ExceptionType) { "$ExceptionType" }), $Expectation.Expected, $ErrorId | Where-Object { $_ }) -join ' and '
        throw "Expected an error with $wanted,$($Expectation.Because) but $($wrong -join ' and ')."
    }

    if ($PassThru) { $thrown }
}

# Arrays are equal by their items, and one item is equal to an array of it.
function Test-Equal {
    param([object[]] $Actual, [object[]] $Expected, [scriptblock] $Same)

    $noActual = Test-Nothing $Actual
    $noExpected = Test-Nothing $Expected
    if ($noActual -or $noExpected) { return $noActual -and $noExpected }
    if ($Actual.Count -ne $Expected.Count) { return $false }

    for ($i = 0; $i -lt $Actual.Count; $i++) {
        $nested = $Actual[$i] -is [array] -or $Expected[$i] -is [array]
        $equal = if ($nested) { Test-Equal -Actual $Actual[$i] -Expected $Expected[$i] -Same $Same } else { & $Same $Actual[$i] $Expected[$i] }
        if (-not $equal) { return $false }
    }
    $true
}

# Nothing, an empty array and an array of one null are all the same.
function Test-Nothing {
    param([object[]] $Value)

    $null -eq $Value -or $Value.Count -eq 0 -or ($Value.Count -eq 1 -and $null -eq $Value[0])
}

function Test-NullOrEmpty {
    param([object[]] $Actual)

    if ($null -eq $Actual -or $Actual.Count -eq 0) { return $true }
    if ($Actual.Count -gt 1) { return $false }
    if ($Actual[0] -is [hashtable]) { return $Actual[0].Count -eq 0 }
    [string]::IsNullOrEmpty($Actual[0])
}

function Get-ExpectedType {
    param($Expected)

    if ($Expected -is [type]) { return $Expected }
    $found = ($Expected -replace '^\[(.*)\]$', '$1') -as [type]
    if (-not $found) { throw "There is no type '$Expected'." }
    $found
}

function Format-Value {
    param($Value)

    if ($null -eq $Value) { return '$null' }
    if ($Value -is [array] -and $Value.Count -eq 1) { return Format-Value $Value[0] }
    if ($Value -is [array]) { return "@($(@(foreach ($item in $Value) { Format-Value $item }) -join ', '))" }
    if ($Value -is [string]) { return "'$Value'" }
    if ($Value -is [bool]) { return "`$$Value".ToLowerInvariant() }
    "$Value"
}

Export-ModuleMember -Function Should
