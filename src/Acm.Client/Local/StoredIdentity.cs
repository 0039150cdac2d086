namespace Acm.Client.Local;

/// <summary>What makes two values of a configuration the same one to a snapshot.</summary>
internal sealed record StoredIdentity(string Md5, string Charset, string? EncryptedDataKey);
