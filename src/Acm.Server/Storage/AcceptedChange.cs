namespace Acm.Server.Storage;

/// <summary>A change whose conditions are met, with its revision.</summary>
/// <param name="Change">The requested change.</param>
/// <param name="Revision">The number of the change in the history.</param>
/// <param name="At">The time of the change.</param>
/// <param name="Entry">The new value; null for a removal.</param>
/// <param name="Previous">The previous value; null if there was none.</param>
internal readonly record struct AcceptedChange(Change Change, long Revision, DateTimeOffset At, ConfigEntry? Entry, ConfigEntry? Previous);
