using Acm.Client.Encryption;
using Acm.Client.Text;

namespace Acm.Client.Transfer;

/// <summary>A configuration as the file that an export makes of it.</summary>
internal sealed class ExportFile
{
    public required ConfigKey Key { get; init; }

    /// <summary>Relative, with <c>/</c>.</summary>
    public required string Path { get; init; }

    public required byte[] Bytes { get; init; }

    /// <summary>Whether it holds in clear what the server holds encrypted, so that nobody but its owner may read it.</summary>
    public required bool IsSecret { get; init; }

    /// <summary>What has to be recorded of it; null for a plain file.</summary>
    public required TransferRecordEntry? Entry { get; init; }

    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidContent"/>, if the text can't be a file in UTF-8.</exception>
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
