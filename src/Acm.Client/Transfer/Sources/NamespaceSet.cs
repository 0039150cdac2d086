using System.Runtime.CompilerServices;
using Acm.Client.Encryption;

namespace Acm.Client.Transfer.Sources;

/// <summary>A namespace as the servers store it.</summary>
internal sealed class NamespaceSet : ConfigSet
{
    public NamespaceSet(AcmClient client, string name)
        : base(name) => Client = client;

    public AcmClient Client { get; }

    /// <summary>Gets whether encrypted configurations are decrypted. Otherwise they are transferred as cipher text.</summary>
    public bool Decrypts => Client.Options.Kms is not null;

    /// <summary>Gets whether the namespace was empty when it was opened.</summary>
    public bool IsEmpty { get; private set; }

    /// <summary>Returns whether both are the same namespace according to their settings; different names of a server are not recognized.</summary>
    public bool IsSameAs(NamespaceSet other)
    {
        AcmClientOptions mine = Client.Options;
        AcmClientOptions others = other.Client.Options;
        return Client.Namespace == other.Client.Namespace
            && mine.Direct == others.Direct
            && mine.UnitName == others.UnitName
            && string.Equals(mine.Endpoint, others.Endpoint, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Returns errors for keys that exist although the list lacked them, and for those whose existence is unknown.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="message">Creates the message for a key that exists.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<Dictionary<ConfigKey, AcmException>> FindUnlistedAsync(IReadOnlyList<ConfigKey> keys, Func<ConfigKey, string> message, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        try
        {
            return (await Client.FindExistingAsync(keys, call, cancellationToken).ConfigureAwait(false)).ToDictionary(
                key => key,
                key => new AcmException(AcmErrorKind.Conflict, message(key)) { Key = key, Advice = "Run the command again." });
        }
        catch (AcmException e)
        {
            return keys.ToDictionary(key => key, key => e.About(key));
        }
    }

    /// <inheritdoc/>
    internal override async Task<IReadOnlyList<SetEntry>> OpenAsync(SetReading reading, ProblemList problems, CancellationToken cancellationToken)
    {
        var entries = new List<SetEntry>();
        IsEmpty = true;
        await foreach (ConfigItem item in Client.ListAsync(null, reading.Call, cancellationToken).ConfigureAwait(false))
        {
            IsEmpty = false;
            if (reading.Wants(item.Key)) entries.Add(new SetEntry { Key = item.Key, Metadata = item.Metadata, Md5 = item.Md5 });
        }

        return entries;
    }

    /// <inheritdoc/>
    internal override async IAsyncEnumerable<SetText> ReadAsync(IReadOnlyList<SetEntry> entries, SetReading reading, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        bool isRaw = reading.NoDecrypt || !Decrypts;
        var call = new AcmCallOptions
        {
            TryTimeout = reading.Call?.TryTimeout,
            Log = reading.Call?.Log,
            NoSnapshot = true,
            NoFailover = true,
            NoDecrypt = isRaw,
        };
        int i = 0;
        ConfigKey[] keys = [.. entries.Select(entry => entry.Key)];
        await foreach (ConfigResult result in new ConfigFetcher(Client, call, reading.Parallelism).ReadAsync(keys, cancellationToken).ConfigureAwait(false))
        {
            SetEntry entry = entries[i++];
            yield return result.Config is { } config
                ? new SetText(entry, config.Content) { IsRaw = isRaw && ConfigCipher.Concerns(entry.Key), Metadata = config.Metadata.Or(entry.Metadata), Md5 = config.Md5, HasAllMetadata = config.HasAllMetadata }
                : new SetText(entry, result.Error!);
        }
    }
}
