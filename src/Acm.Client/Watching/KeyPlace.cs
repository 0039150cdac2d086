namespace Acm.Client.Watching;

/// <summary>The state of a watched key in the watch loop.</summary>
internal enum KeyPlace
{
    /// <summary>In a batch, whose feed watches it.</summary>
    Batch,

    /// <summary>Being read. Its batch may still keep its position.</summary>
    Reading,

    /// <summary>Waiting for another read of its value or its failover file.</summary>
    Waiting,

    /// <summary>Replaced by a failover file, so servers are not asked.</summary>
    Failover,

    /// <summary>No longer watched.</summary>
    Gone,
}
