namespace ModulePackager;

/// <summary>What is wrong with a module that is to be packed, for a person.</summary>
internal sealed class PackagingException(string message) : Exception(message);
