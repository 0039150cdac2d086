using System.Management.Automation;

namespace AcmPowerShell;

/// <summary>Validates tags to filter by: each value must be a single tag.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SingleTagAttribute : ValidateEnumeratedArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void ValidateElement(object element)
    {
        string tag = element?.ToString() ?? "";
        if (tag.Trim().Length == 0 || tag.Contains(',')) throw new ValidationMetadataException($"'{tag}' is not a valid tag to filter by: a tag must not be blank or contain a comma. Specify each tag separately.");
    }
}
