namespace Acm.Server.Storage;

/// <summary>The store could not be read or written. The message is one line that may be shown to clients.</summary>
internal sealed class StorageException(string message, Exception? inner = null) : IOException(message, inner);
