namespace Acm.Server.Dialects.Nacos;

/// <summary>The settings that the server reports to clients.</summary>
/// <param name="Generation">The emulated Nacos generation.</param>
/// <param name="AuthEnabled">Whether authentication is required.</param>
/// <param name="RetentionDays">The retention of the history in days.</param>
/// <param name="MaxContentBytes">The maximum size of a content in bytes.</param>
internal sealed record ServerFacts(Generation Generation, bool AuthEnabled, int RetentionDays, int MaxContentBytes);
