using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Takes tags to filter by, each by itself.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SingleTagAttribute : ValidateEnumeratedArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void ValidateElement(object element)
    {
        try
        {
            OptionRules.CheckTag(element?.ToString() ?? "");
        }
        catch (ArgumentException e)
        {
            throw new ValidationMetadataException(e.Message, e);
        }
    }
}
