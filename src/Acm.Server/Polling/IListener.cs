namespace Acm.Server.Polling;

/// <summary>A client that listens to keys, by whichever way it is told.</summary>
internal interface IListener
{
    /// <summary>Its address; blank where nobody asks who listens.</summary>
    string Address { get; }

    /// <summary>The keys that it listens to.</summary>
    IReadOnlyCollection<Watch> Watches { get; }
}
