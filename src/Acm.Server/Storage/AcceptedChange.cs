namespace Acm.Server.Storage;

/// <summary>A change that passed its conditions and has its number.</summary>
internal readonly record struct AcceptedChange(Change Change, long Revision, DateTimeOffset At);
