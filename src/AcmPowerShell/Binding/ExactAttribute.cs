using System.Collections;
using System.Management.Automation;

namespace AcmPowerShell;

/// <summary>
/// Takes what is meant for the parameter, and refuses what PowerShell would turn into it, mostly by its ToString. Throwing here would end the
/// binding of a piped object before its properties were looked at, so a wrong one is made something that can't be converted instead.
/// </summary>
/// <param name="types">What is taken, alone or as items.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ExactAttribute(params Type[] types) : ArgumentTransformationAttribute
{
    /// <summary>What is taken.</summary>
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

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    // Null is left to the binder, whose message for it is clear.
    private bool IsWrong(object? value) => value is not null && !Array.Exists(types, type => type.IsInstanceOfType(value));

    private sealed class Refused(object value)
    {
        public override string ToString() => throw new PSInvalidCastException(
            $"A {value.GetType().FullName} is not supported here. Convert it to text first, for example with ConvertTo-Json or Out-String.");
    }
}
