namespace Acm.Client.Protocol;

/// <summary>A dialect whose servers may support a history. If one does not, the error is <see cref="AcmErrorKind.CapabilityMissing"/>.</summary>
internal interface IConfigHistory
{
    /// <summary>Gets whether reads of the stored value return all metadata that a history contains.</summary>
    bool ReadsShowMetadata { get; }

    /// <summary>Reads one page of a configuration's history, newest first.</summary>
    ServerOperation<HistoryPage> History(string @namespace, ConfigKey key, int pageNumber, int pageSize);

    /// <summary>
    /// Reads the value in a row: the created state for a creation, the previous state for a change or removal. Null if the server no longer has it.
    /// Metadata that the row supports but does not contain is empty, so that a restore clears it.
    /// </summary>
    ServerOperation<ServerValue?> HistoryValue(string @namespace, ConfigKey key, long id);
}
