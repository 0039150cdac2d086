namespace Acm.Server.Options;

/// <summary>An error in an option. The message is shown to the user.</summary>
internal sealed class OptionsException(string message, Exception? inner = null) : Exception(message, inner);
