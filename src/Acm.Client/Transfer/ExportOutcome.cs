namespace Acm.Client.Transfer;

/// <summary>The result for one configuration: a file or an error.</summary>
internal readonly record struct ExportOutcome(ConfigKey Key, ExportedItem? Item, AcmException? Error)
{
    public static ExportOutcome Done(ConfigKey key, ExportState state, string path, int size) =>
        new(key, new ExportedItem { DataId = key.DataId, Group = key.Group, State = state, Path = path, Size = size }, null);

    public static ExportOutcome Failed(ConfigKey key, string path, Exception cause) => new(
        key,
        null,
        new AcmException(AcmErrorKind.StorageFailed, $"'{key}' could not be put in place as '{path}': {cause.Message}", cause)
        {
            Key = key,
            Advice = "Check that no other file or folder has this name, that you have write permission, and that the disk has free space.",
        });
}
