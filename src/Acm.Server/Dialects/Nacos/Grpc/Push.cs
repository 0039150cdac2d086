using System.Text.Json;

namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>
/// What a server tells a connection by itself. It waits in the connection's queue once at most, and takes its form as it is sent, so that a slow receiver holds no more memory than it has keys.
/// </summary>
internal abstract class Push
{
    private int _isQueued;

    /// <summary>The simple name of its type.</summary>
    public abstract string Type { get; }

    /// <summary>Whether it is sent again until the client has acknowledged it.</summary>
    public virtual bool WantsAcknowledgement => true;

    /// <summary>Whether nobody is interested in it any more.</summary>
    public bool IsOver { get; set; }

    /// <summary>The number under which it was sent last; blank before.</summary>
    public string RequestId { get; set; } = "";

    /// <summary>When it was sent last, or should have been, as the clock counts.</summary>
    public long SentAt { get; set; }

    /// <summary>How often it was sent since there was something new to tell.</summary>
    public int Tries { get; set; }

    /// <summary>Takes its place in a queue.</summary>
    /// <returns>False where it has one.</returns>
    public bool TryQueue() => Interlocked.Exchange(ref _isQueued, 1) == 0;

    /// <summary>Gives its place up. What is new from now on is another message.</summary>
    public void Leave() => Volatile.Write(ref _isQueued, 0);

    /// <summary>Writes the members that its type has.</summary>
    public abstract void WriteMembers(Utf8JsonWriter json);
}
