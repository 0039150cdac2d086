namespace AcmPowerShell;

/// <summary>What became of a namespace of the Python command line.</summary>
public enum ProfileImportStatus
{
    /// <summary>It is a profile now.</summary>
    Added,

    /// <summary>The profile that was there has its settings now (-Force).</summary>
    Updated,

    /// <summary>There was a profile of the same endpoint and namespace, which was left alone.</summary>
    Skipped,
}
