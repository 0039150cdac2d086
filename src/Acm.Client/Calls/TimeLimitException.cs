namespace Acm.Client.Calls;

/// <summary>Thrown when work exceeds its time-out. It is not a <see cref="TimeoutException"/>, which the work itself may throw.</summary>
/// <param name="cause">The exception that ended the work.</param>
/// <param name="wasUnderWay">Whether a request was in progress.</param>
internal sealed class TimeLimitException(Exception cause, bool wasUnderWay) : Exception(cause.Message, cause)
{
    public bool WasUnderWay => wasUnderWay;
}
