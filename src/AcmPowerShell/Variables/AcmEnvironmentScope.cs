namespace AcmPowerShell;

/// <summary>Specifies the target of Export-AcmEnvironment.</summary>
public enum AcmEnvironmentScope
{
    /// <summary>GitHub if GITHUB_ACTIONS is true, AzurePipelines if TF_BUILD is True, otherwise Process.</summary>
    Auto,

    /// <summary>Later steps of a GitHub Actions job.</summary>
    GitHub,

    /// <summary>Later tasks of an Azure Pipelines job.</summary>
    AzurePipelines,

    /// <summary>A .env file.</summary>
    DotEnv,

    /// <summary>This process and its child processes.</summary>
    Process,
}
