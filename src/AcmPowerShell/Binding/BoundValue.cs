using System.Management.Automation;

namespace AcmPowerShell;

/// <summary>Values as PowerShell binds them.</summary>
internal static class BoundValue
{
    /// <summary>Returns the object in a <see cref="PSObject"/>, or the value itself.</summary>
    internal static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
