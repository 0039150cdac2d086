# The manifest is static data for Import-PowerShellDataFile and the galleries, so the choice between the two PowerShell editions is here: one line, because every import compiles it.
# ACM_FLAVOUR is for tests: /../Desktop loads the assemblies of Windows PowerShell in PowerShell 7.
# -Force is required, because Import-Module -Force of this module would otherwise leave its old sessions open.
Microsoft.PowerShell.Core\Import-Module "$PSScriptRoot/bin/$PSEdition$env:ACM_FLAVOUR/AcmPowerShell.dll" -Force
