namespace Acm.Server.Storage;

/// <summary>A change that passed its conditions and has its number.</summary>
/// <param name="Change">What was asked for.</param>
/// <param name="Revision">Its number in the history.</param>
/// <param name="At">When.</param>
/// <param name="Entry">What it makes the key; null for a removal.</param>
/// <param name="Previous">What the key was; null where it had no value.</param>
internal readonly record struct AcceptedChange(Change Change, long Revision, DateTimeOffset At, ConfigEntry? Entry, ConfigEntry? Previous);
