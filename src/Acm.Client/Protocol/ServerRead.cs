namespace Acm.Client.Protocol;

/// <summary>What a server says of one key, and how much that is worth.</summary>
/// <param name="Value">The value; null where the server has none.</param>
/// <param name="View">Where it looked.</param>
internal readonly record struct ServerRead(ServerValue? Value, ReadView View)
{
    /// <summary>How much is known of its absence, where there is no value.</summary>
    public AbsenceEvidence Evidence => View == ReadView.Only ? AbsenceEvidence.OnlyView : AbsenceEvidence.NotServed;
}
