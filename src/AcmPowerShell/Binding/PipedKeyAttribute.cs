using System.Collections;
using System.Management.Automation;

namespace AcmPowerShell;

/// <summary>
/// Takes data IDs, alone or as items, and the DataId of an object that has one. Anything else is bound all the same, with a <see cref="PipedKey"/> that says so: PowerShell tells
/// a command nothing of a record that it could not bind, and the command would do its work without it.
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
            // A property that can't be read names nothing.
        }

        return true;
    }

    // A number is a name, too; a time is not, whatever its text may be.
    private static bool IsName(object? value) => value is string or (IConvertible and not (DateTime or DBNull));

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
