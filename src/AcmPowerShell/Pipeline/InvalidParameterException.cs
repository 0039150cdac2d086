namespace AcmPowerShell;

/// <summary>A parameter that can't be used. Its message is shown as it was written: the runtime's own adds the name of the parameter in brackets.</summary>
internal sealed class InvalidParameterException(string message, string parameter, Exception? inner) : ArgumentException(message, parameter, inner)
{
    private readonly string _message = message;

    /// <inheritdoc/>
    public override string Message => _message;
}
