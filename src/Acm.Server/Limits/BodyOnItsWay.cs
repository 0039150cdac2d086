namespace Acm.Server.Limits;

/// <summary>A body that is being read, and what it holds of the budget. Its members belong to <see cref="BodyBudget"/>.</summary>
/// <param name="end">Ends the read that waits for more of it.</param>
/// <param name="since">When its first byte was held.</param>
internal sealed class BodyOnItsWay(Action end, long since)
{
    public Action End => end;

    public long Since => since;

    /// <summary>How much it holds of what all bodies that are not large share.</summary>
    public int Held { get; set; }

    public bool IsLarge { get; set; }

    /// <summary>It made room for another one, and holds nothing of the budget any more.</summary>
    public bool IsEnded { get; set; }
}
