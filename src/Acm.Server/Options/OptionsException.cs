namespace Acm.Server.Options;

/// <summary>An option is wrong; the message is for the person who gave it.</summary>
internal sealed class OptionsException(string message, Exception? inner = null) : Exception(message, inner);
