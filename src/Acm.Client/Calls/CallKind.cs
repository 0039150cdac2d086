namespace Acm.Client.Calls;

/// <summary>The kind of a request, for messages and logs.</summary>
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
