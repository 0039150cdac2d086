namespace Acm.Server.Storage;

/// <summary>What names a configuration. All three parts are compared ordinally; the default namespace is the empty tenant.</summary>
internal readonly record struct ConfigKey(string Tenant, string Group, string DataId);
