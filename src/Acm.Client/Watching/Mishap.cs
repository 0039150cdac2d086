namespace Acm.Client.Watching;

/// <summary>Something that went wrong, and when.</summary>
internal sealed record Mishap(DateTimeOffset At, string Message)
{
    public static Mishap? Newer(Mishap? one, Mishap? other) => one is null || (other is not null && other.At > one.At) ? other : one;
}
