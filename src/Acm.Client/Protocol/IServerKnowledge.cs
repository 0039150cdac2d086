namespace Acm.Client.Protocol;

/// <summary>What is known of the servers that links lead to. Thread-safe.</summary>
internal interface IServerKnowledge
{
    /// <summary>What a server told of itself; null while none was asked, or where the dialect's servers do not tell.</summary>
    ServerKnowledge? Known { get; }
}
