# The manifest is static data for Import-PowerShellDataFile and the galleries, so the choice between the two PowerShell editions is here.
# ACM_FLAVOUR is for tests: netstandard2.0 loads the assemblies of Windows PowerShell in PowerShell 7.
$flavour = if ("$PSEdition$env:ACM_FLAVOUR" -like 'Core') { 'net8.0' } else { 'netstandard2.0' }

# -Force is required, because Import-Module -Force of this module would otherwise leave its old sessions open.
Microsoft.PowerShell.Core\Import-Module "$PSScriptRoot/bin/$flavour/AcmPowerShell.dll" -Force
