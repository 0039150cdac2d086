namespace ModulePackager;

/// <summary>The exception for a module that cannot be packed.</summary>
internal sealed class PackagingException(string message) : Exception(message);
