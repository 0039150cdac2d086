namespace AcmPowerShell;

/// <summary>Specifies the result of the import of a namespace.</summary>
public enum ProfileImportStatus
{
    /// <summary>A profile was added.</summary>
    Added,

    /// <summary>The existing profile was updated (-Force).</summary>
    Updated,

    /// <summary>A profile for the same endpoint and namespace exists and was not changed.</summary>
    Skipped,
}
