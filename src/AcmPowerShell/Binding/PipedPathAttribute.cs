using System.Management.Automation;
using static AcmPowerShell.BoundValue;

namespace AcmPowerShell;

/// <summary>
/// Accepts a path, or the PSPath property of an item. Other values are bound as <see cref="Unusable"/>, because PowerShell does not tell a command about a record that it could not bind.
/// A command with -Delete would then remove the configurations of the missing source.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PipedPathAttribute : ArgumentTransformationAttribute
{
    /// <summary>Placeholder for a value that is not a path. Compared by reference.</summary>
    internal static readonly string Unusable = new('?', 1);

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = Unwrap(inputData);
        if (value is string) return inputData;
        if (value is null) return Unusable;

        PSMemberInfoCollection<PSPropertyInfo> properties = PSObject.AsPSObject(inputData).Properties;
        return (properties["PSPath"] ?? properties["LiteralPath"])?.Value?.ToString() is { Length: > 0 } path ? path : value is FileSystemInfo item ? item.FullName : Unusable;
    }
}
