namespace Acm.Client.Calls;

/// <summary>What a request is for; names its pipeline and its lines in the log.</summary>
internal enum CallKind
{
    Address,
    Get,
    BatchGet,
    List,
    Publish,
    Remove,
    Probe,
}
