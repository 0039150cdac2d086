using System.Collections;
using System.Management.Automation;
using static AcmPowerShell.BoundValue;

namespace AcmPowerShell;

/// <summary>
/// Accepts data IDs, alone or in an array, and the DataId property of an object. Other values are bound as placeholders with a <see cref="PipedKey"/>, because PowerShell
/// does not tell a command about a record that it could not bind, and the command would continue without it.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PipedKeyAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = Unwrap(inputData);
        if (IsName(value)) return inputData;
        if (value is not null && TryGet(inputData, "DataId", out string? dataId)) return OfObject(inputData, dataId);

        object?[] items = value is IEnumerable and not IDictionary ? [.. ((IEnumerable)value).Cast<object?>().Select(Unwrap)] : [];
        return items.Length > 0 && Array.TrueForAll(items, IsName) ? inputData : Refuse(Array.Find(items, item => !IsName(item)) ?? value);
    }

    private static string[] OfObject(object item, string? dataId)
    {
        if (string.IsNullOrEmpty(dataId)) return PipedKey.Refuse("A piped object has an empty DataId.");
        if (TryGet(item, "Group", out string? group) && string.IsNullOrEmpty(group)) return PipedKey.Refuse($"The piped object with the data ID '{dataId}' has an empty Group.");
        return PipedKey.OfObject(dataId!, TryGet(item, "Namespace", out string? @namespace) ? @namespace : null);
    }

    private static string[] Refuse(object? value) => PipedKey.Refuse(value is null
        ? "A piped value is null and does not specify a configuration."
        : $"A {(value is PSCustomObject ? "PSCustomObject without a DataId" : value.GetType().FullName)} does not specify a configuration. Pipe data IDs, or objects with DataId and Group such as the output of Find-AcmConfig.");

    private static bool TryGet(object item, string property, out string? value)
    {
        value = null;
        if (PSObject.AsPSObject(item).Properties[property] is not { } found) return false;

        try
        {
            value = Unwrap(found.Value)?.ToString();
        }
        catch (GetValueException)
        {
            // A property that throws is treated as empty.
        }

        return true;
    }

    // Numbers are accepted as names. Dates are not, because their text depends on the culture.
    private static bool IsName(object? value) => value is string or (IConvertible and not (DateTime or DBNull));
}
