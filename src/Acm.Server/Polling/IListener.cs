namespace Acm.Server.Polling;

/// <summary>A client that listens to keys with a poll or a connection.</summary>
internal interface IListener
{
    /// <summary>Gets the client's address; empty if the dialect does not list listeners by address.</summary>
    string Address { get; }

    /// <summary>Gets the keys that the client listens to.</summary>
    IReadOnlyCollection<Watch> Watches { get; }
}
