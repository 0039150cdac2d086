# The manifest is data alone, which Import-PowerShellDataFile and the galleries can read; what differs between the two PowerShells is here.
# ACM_FLAVOUR is for tests: netstandard2.0 has the flavour of Windows PowerShell loaded in PowerShell 7.
$flavour = if ("$PSEdition$env:ACM_FLAVOUR" -like 'Core') { 'net8.0' } else { 'netstandard2.0' }

# With -Force, or Import-Module -Force of this module would leave the sessions of the old one open.
Microsoft.PowerShell.Core\Import-Module "$PSScriptRoot/bin/$flavour/AcmPowerShell.dll" -Force
