namespace AcmPowerShell;

/// <summary>Where Export-AcmEnvironment writes variables to.</summary>
public enum AcmEnvironmentScope
{
    /// <summary>GitHub where GITHUB_ACTIONS is true, AzurePipelines where TF_BUILD is True, else Process.</summary>
    Auto,

    /// <summary>The later steps of a GitHub Actions job.</summary>
    GitHub,

    /// <summary>The later tasks of an Azure Pipelines job.</summary>
    AzurePipelines,

    /// <summary>A .env file.</summary>
    DotEnv,

    /// <summary>This process, and those it starts.</summary>
    Process,
}
