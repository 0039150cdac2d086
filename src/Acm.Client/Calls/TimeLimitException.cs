namespace Acm.Client.Calls;

/// <summary>The time that work had been given ended first. A type of its own: a <see cref="TimeoutException"/> may come out of the work itself.</summary>
/// <param name="cause">How the work ended, or the wait for it.</param>
/// <param name="wasUnderWay">Whether it was cut off while a server may have been at it.</param>
internal sealed class TimeLimitException(Exception cause, bool wasUnderWay) : Exception(cause.Message, cause)
{
    public bool WasUnderWay => wasUnderWay;
}
