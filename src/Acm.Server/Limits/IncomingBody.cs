namespace Acm.Server.Limits;

/// <summary>A body that is being read, and its share of the budget. Only <see cref="BodyBudget"/> uses its members.</summary>
/// <param name="end">Cancels the pending read of the body.</param>
/// <param name="since">The timestamp of its first byte.</param>
internal sealed class IncomingBody(Action end, long since)
{
    public Action End => end;

    public long Since => since;

    /// <summary>Gets or sets the number of bytes that count against the budget.</summary>
    public int Held { get; set; }

    public bool IsLarge { get; set; }

    /// <summary>Gets or sets whether the body was aborted to make room for another one.</summary>
    public bool IsEnded { get; set; }
}
