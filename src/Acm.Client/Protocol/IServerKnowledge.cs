namespace Acm.Client.Protocol;

/// <summary>Reports what is known about the servers of a connection. Thread-safe.</summary>
internal interface IServerKnowledge
{
    /// <summary>Gets what a server reported; null until one was asked, or if the dialect's servers do not report it.</summary>
    ServerKnowledge? Known { get; }
}
