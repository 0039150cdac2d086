using System.Management.Automation;

namespace AcmPowerShell;

/// <summary>
/// Takes a path, or the PSPath of an item. Anything else is bound all the same, as <see cref="Unusable"/>: PowerShell tells a command nothing of a record that it could not bind, and
/// a command that removes what none of its sources has would do so without that one.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PipedPathAttribute : ArgumentTransformationAttribute
{
    /// <summary>Stands for what is not a path. Told apart by reference.</summary>
    internal static readonly string Unusable = new('?', 1);

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is string) return inputData;
        if (value is null) return Unusable;

        PSMemberInfoCollection<PSPropertyInfo> properties = PSObject.AsPSObject(inputData).Properties;
        return (properties["PSPath"] ?? properties["LiteralPath"])?.Value?.ToString() is { Length: > 0 } path ? path : value is FileSystemInfo item ? item.FullName : Unusable;
    }
}
