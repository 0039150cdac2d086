using System.Text.Json;

namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>
/// A message that the server sends unasked. It is in a connection's queue at most once and is serialized when it is sent, so that the memory for a slow client is bounded by the number of its keys.
/// </summary>
internal abstract class Push
{
    private int _isQueued;

    /// <summary>Gets the simple name of the message type.</summary>
    public abstract string Type { get; }

    /// <summary>Gets whether the push is repeated until the client acknowledges it.</summary>
    public virtual bool WantsAcknowledgement => true;

    /// <summary>Gets or sets whether the push is obsolete.</summary>
    public bool IsOver { get; set; }

    /// <summary>Gets or sets the request ID of the last sending; empty before the first.</summary>
    public string RequestId { get; set; } = "";

    /// <summary>Gets or sets the timestamp at which the push was last due.</summary>
    public long SentAt { get; set; }

    /// <summary>Gets or sets how often the push was sent since the last change.</summary>
    public int Tries { get; set; }

    /// <summary>Marks the push as queued.</summary>
    /// <returns>False if it already is.</returns>
    public bool TryQueue() => Interlocked.Exchange(ref _isQueued, 1) == 0;

    /// <summary>Marks the push as not queued; a later change queues it again.</summary>
    public void Leave() => Volatile.Write(ref _isQueued, 0);

    /// <summary>Writes the members of the message type.</summary>
    public abstract void WriteMembers(Utf8JsonWriter json);
}
