namespace Acm.Server.Storage;

/// <summary>An error in reading or writing the store. The message is one line that may be sent to clients.</summary>
internal sealed class StorageException(string message, Exception? inner = null) : IOException(message, inner);
