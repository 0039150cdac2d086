namespace AcmPowerShell;

/// <summary>An error about a parameter. Its message omits the suffix that <see cref="ArgumentException"/> adds for the parameter.</summary>
internal sealed class InvalidParameterException(string message, string parameter, Exception? inner) : ArgumentException(message, parameter, inner)
{
    private readonly string _message = message;

    /// <inheritdoc/>
    public override string Message => _message;
}
