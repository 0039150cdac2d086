using System.Management.Automation;

namespace AcmPowerShell;

/// <summary>A setting of a connection that can't be used, by the name of the parameter that gives it. Holds no secret.</summary>
internal sealed class InvalidSettingException(string message, string parameter, object? value = null, Exception? inner = null)
    : Exception(message, inner)
{
    internal string Parameter { get; } = parameter;

    internal object? Value { get; } = value;

    internal ErrorRecord ToRecord() => AcmErrors.InvalidParameter(Message, Parameter, Value, InnerException);
}
