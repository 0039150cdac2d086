namespace Acm.Client.Reading;

/// <summary>How long servers may still be asked: an answer begins the time for all tries anew, so that many keys have the time that they need, and servers that hang do not.</summary>
/// <param name="limits">Of one try, and of all that follow each other without an answer.</param>
internal sealed class UnansweredTime((TimeSpan Try, TimeSpan Total) limits)
{
    private TimeSpan _spent;

    /// <summary>Time limit of one try.</summary>
    public TimeSpan Try => limits.Try;

    /// <summary>What is left for tries without an answer.</summary>
    public TimeSpan Left => limits.Total - _spent;

    public bool IsOver => Left <= TimeSpan.Zero;

    /// <summary>Notes that a server answered.</summary>
    public void NoteAnswer() => _spent = TimeSpan.Zero;

    /// <summary>Notes a try without an answer.</summary>
    public void NoteSpent(TimeSpan time) => _spent += time;
}
