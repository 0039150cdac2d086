namespace Acm.Client.Reading;

/// <summary>Limits the time spent on servers that do not answer. Each answer resets it, so many keys get the time they need and unresponsive servers do not.</summary>
/// <param name="limits">The limit of one try, and of all consecutive tries without an answer.</param>
internal sealed class UnansweredTime((TimeSpan Try, TimeSpan Total) limits)
{
    private TimeSpan _spent;

    /// <summary>Gets the time-out of one try.</summary>
    public TimeSpan Try => limits.Try;

    /// <summary>Gets the remaining time for tries without an answer.</summary>
    public TimeSpan Left => limits.Total - _spent;

    public bool IsOver => Left <= TimeSpan.Zero;

    /// <summary>Resets the time after an answer.</summary>
    public void NoteAnswer() => _spent = TimeSpan.Zero;

    /// <summary>Adds the duration of a try without an answer.</summary>
    public void NoteSpent(TimeSpan time) => _spent += time;
}
