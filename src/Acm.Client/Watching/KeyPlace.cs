namespace Acm.Client.Watching;

/// <summary>Where a watched key is at the moment. It is in one place only.</summary>
internal enum KeyPlace
{
    /// <summary>In a batch, which asks the servers for changes of it.</summary>
    Batch,

    /// <summary>Its value is being read. Its batch may still keep a place for it.</summary>
    Reading,

    /// <summary>It waits for another try of reading it, or for another look at its failover file.</summary>
    Waiting,

    /// <summary>A failover file stands for it, so that the servers are not asked.</summary>
    Failover,

    /// <summary>Nobody watches it any more.</summary>
    Gone,
}
