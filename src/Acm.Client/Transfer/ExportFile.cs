using Acm.Client.Encryption;
using Acm.Client.Text;

namespace Acm.Client.Transfer;

/// <summary>The exported file of a configuration.</summary>
internal sealed class ExportFile
{
    public required ConfigKey Key { get; init; }

    /// <summary>Gets the relative path, with <c>/</c>.</summary>
    public required string Path { get; init; }

    public required byte[] Bytes { get; init; }

    /// <summary>Gets whether the file contains decrypted content, so that only the owner may read it.</summary>
    public required bool IsSecret { get; init; }

    /// <summary>Gets the entry for the record of the export; null if none is needed.</summary>
    public required TransferRecordEntry? Entry { get; init; }

    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidContent"/>: the text cannot be encoded in UTF-8.</exception>
    public static ExportFile Of(AcmConfig config, string path, bool decrypts)
    {
        ConfigKey key = config.Key;
        bool isSecret = decrypts && !string.Equals(config.Content, config.RawContent, StringComparison.Ordinal);
        byte[] bytes = TransferText.ToBytes(key, isSecret ? config.Content : config.RawContent);
        bool isCipherText = ConfigCipher.Concerns(key) && !isSecret;
        ConfigMetadata metadata = isCipherText ? config.Metadata : config.Metadata with { EncryptedDataKey = null };
        return new ExportFile
        {
            Key = key,
            Path = path,
            Bytes = bytes,
            IsSecret = isSecret,
            Entry = !isCipherText && !TransferLayout.IsEscaped(path) && metadata == ConfigMetadata.None
                ? null
                : new TransferRecordEntry
                {
                    Key = key,
                    IsCipherText = isCipherText,
                    Metadata = metadata,
                    Md5 = isCipherText ? Md5Hex.Of(bytes) : null,
                },
        };
    }
}
