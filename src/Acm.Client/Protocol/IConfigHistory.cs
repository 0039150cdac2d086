namespace Acm.Client.Protocol;

/// <summary>A dialect whose servers may keep the history of a configuration. A server that does not is <see cref="AcmErrorKind.CapabilityMissing"/>.</summary>
internal interface IConfigHistory
{
    /// <summary>Whether reads of what is stored show all metadata that a history has.</summary>
    bool ReadsShowMetadata { get; }

    /// <summary>Reads one page of a configuration's history, newest first.</summary>
    ServerOperation<HistoryPage> History(string @namespace, ConfigKey key, int pageNumber, int pageSize);

    /// <summary>
    /// Reads the value that a row holds: of an addition what was added, of a change or a removal what there was before. Null where the server does not have it any more.
    /// Metadata that the row has a place for and no value is empty, so that restoring clears it.
    /// </summary>
    ServerOperation<ServerValue?> HistoryValue(string @namespace, ConfigKey key, long id);
}
