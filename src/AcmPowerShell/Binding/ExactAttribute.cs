using System.Collections;
using System.Management.Automation;
using static AcmPowerShell.BoundValue;

namespace AcmPowerShell;

/// <summary>
/// Accepts only values of certain types, and rejects those that PowerShell would convert with ToString. An exception here would end the
/// binding of a piped object before its properties are tried, so a wrong value is replaced by one that cannot be converted.
/// </summary>
/// <param name="types">The accepted types, alone or in an array.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ExactAttribute(params Type[] types) : ArgumentTransformationAttribute
{
    /// <summary>Gets the accepted types.</summary>
    public IReadOnlyList<Type> Types => types;

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = Unwrap(inputData);
        object? wrong = value is not string && value is IEnumerable items
            ? items.Cast<object?>().Select(Unwrap).FirstOrDefault(IsWrong)
            : IsWrong(value) ? value : null;
        return wrong is null ? inputData : new Refused(wrong);
    }

    // PowerShell has a clear message for null.
    private bool IsWrong(object? value) => value is not null && !Array.Exists(types, type => type.IsInstanceOfType(value));

    private sealed class Refused(object value)
    {
        public override string ToString() => throw new PSInvalidCastException(
            $"A {value.GetType().FullName} is not supported here. Convert it to text first, for example with ConvertTo-Json or Out-String.");
    }
}
