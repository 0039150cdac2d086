namespace Acm.Server.Dialects.Nacos;

/// <summary>What the server tells of its settings.</summary>
/// <param name="Generation">Which Nacos it answers as.</param>
/// <param name="AuthEnabled">Whether callers must log in.</param>
/// <param name="RetentionDays">For how long changes are kept.</param>
/// <param name="MaxContentBytes">The largest content.</param>
internal sealed record ServerFacts(Generation Generation, bool AuthEnabled, int RetentionDays, int MaxContentBytes);
