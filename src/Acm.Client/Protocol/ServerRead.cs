namespace Acm.Client.Protocol;

/// <summary>The result of reading one key from a server.</summary>
/// <param name="Value">The value; null if the server has none.</param>
/// <param name="View">Which state was read.</param>
internal readonly record struct ServerRead(ServerValue? Value, ReadView View)
{
    /// <summary>Gets the evidence of absence, if there is no value.</summary>
    public AbsenceEvidence Evidence => View == ReadView.Only ? AbsenceEvidence.OnlyView : AbsenceEvidence.NotServed;
}
