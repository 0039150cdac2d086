namespace Acm.Server.Storage;

/// <summary>The key of a configuration. All parts are case-sensitive; the default namespace is the empty tenant.</summary>
internal readonly record struct ConfigKey(string Tenant, string Group, string DataId);
