@{
    RootModule = 'src/AcmPowerShell/Module/Acm.psm1'
    ModuleVersion = '0.1.0'
    GUID = '6f0c5a1e-51c7-4f5e-9d0b-1f4f5b6f7c2a'
    Author = 'Acm contributors'
    CompanyName = 'Acm contributors'
    Copyright = 'Copyright (c) Acm contributors'
    Description = 'Read, publish, watch, move and protect configuration in Nacos, Alibaba Cloud ACM and a stand-alone server.'
    PowerShellVersion = '5.1'
    DotNetFrameworkVersion = '4.7.2'
    CompatiblePSEditions = 'Desktop', 'Core'
    TypesToProcess = 'src/AcmPowerShell/Module/Acm.Types.ps1xml'
    FormatsToProcess = 'src/AcmPowerShell/Module/Acm.Format.ps1xml'
    FunctionsToExport = @()
    # Commas, without @( ): PowerShell reads this as one constant, and an array of lines as 35 pipelines.
    CmdletsToExport = 'Add-AcmProfile',
        'Clear-AcmSnapshot',
        'Compare-AcmConfig',
        'Connect-Acm',
        'Copy-AcmConfig',
        'Disconnect-Acm',
        'Export-AcmConfig',
        'Export-AcmEnvironment',
        'Find-AcmConfig',
        'Get-AcmConfig',
        'Get-AcmConfigHistory',
        'Get-AcmListener',
        'Get-AcmNamespace',
        'Get-AcmProfile',
        'Get-AcmSession',
        'Get-AcmSnapshot',
        'Get-AcmWatcher',
        'Import-AcmConfig',
        'Import-AcmProfile',
        'New-AcmNamespace',
        'Register-AcmWatcher',
        'Remove-AcmConfig',
        'Remove-AcmNamespace',
        'Remove-AcmProfile',
        'Restore-AcmConfig',
        'Search-AcmConfig',
        'Set-AcmConfig',
        'Set-AcmNamespace',
        'Start-AcmServer',
        'Stop-AcmServer',
        'Test-AcmConnection',
        'Test-AcmEncryption',
        'Unregister-AcmWatcher',
        'Use-AcmProfile',
        'Watch-AcmConfig'
    VariablesToExport = @()
    AliasesToExport = @()
    PrivateData = @{
        PSData = @{
            Tags = 'ACM', 'Nacos', 'MSE', 'Diamond', 'Alibaba', 'AlibabaCloud', 'Aliyun', 'KMS', 'Configuration', 'Config', 'ConfigurationManagement', 'DevOps', 'PSEdition_Core', 'PSEdition_Desktop', 'Windows', 'Linux', 'MacOS'
            LicenseUri = 'https://github.com/acm-contributors/Acm/blob/main/LICENSE'
            ProjectUri = 'https://github.com/acm-contributors/Acm'
            IconUri = 'https://raw.githubusercontent.com/acm-contributors/Acm/main/docs/icon.png'
            ReleaseNotes = 'https://github.com/acm-contributors/Acm/blob/main/CHANGELOG.md'
        }
    }
}
