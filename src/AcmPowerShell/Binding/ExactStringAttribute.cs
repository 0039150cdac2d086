using System.Collections;
using System.Management.Automation;

namespace AcmPowerShell;

/// <summary>Takes strings, and refuses what would be turned into one by its ToString: that is never what was meant.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ExactStringAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is not string && value is IEnumerable items)
        {
            foreach (object? item in items) Check(item is PSObject inner ? inner.BaseObject : item);
        }
        else
        {
            Check(value);
        }

        return inputData;
    }

    // Null is left to the binder, whose message for it is clear.
    private static void Check(object? value)
    {
        if (value is not (null or string))
        {
            throw new ArgumentTransformationMetadataException(
                $"A string is needed here, and this is a {value.GetType().FullName}. Turn it into text first, as with ConvertTo-Json or Out-String.");
        }
    }
}
