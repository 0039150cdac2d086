using System.Management.Automation;

namespace AcmPowerShell;

/// <summary>The exception for a connection setting that is not valid. It names the parameter and contains no secret.</summary>
internal sealed class InvalidSettingException(string message, string parameter, object? value = null, Exception? inner = null)
    : Exception(message, inner)
{
    internal string Parameter { get; } = parameter;

    internal object? Value { get; } = value;

    internal ErrorRecord ToRecord() => AcmErrors.InvalidParameter(Message, Parameter, Value, InnerException);
}
