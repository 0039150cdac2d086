using Acm.Client.Encryption;

namespace Acm.Client.Transfer.Sources;

/// <summary>A namespace as the servers hold it.</summary>
internal sealed class NamespaceSet : ConfigSet
{
    /// <summary>Several batches of batch get, or a good many single reads.</summary>
    private const int KeysAtOnce = 400;

    public NamespaceSet(AcmClient client, string name)
        : base(name) => Client = client;

    public AcmClient Client { get; }

    private protected override int ReadSize => KeysAtOnce;

    /// <summary>Whether what is encrypted is decrypted here. Where it is not, it is moved as it is stored.</summary>
    public bool Decrypts => Client.Options.Kms is not null;

    /// <summary>Whether both are one namespace, as far as their settings tell: two names of one server are not recognised.</summary>
    public bool IsSameAs(NamespaceSet other)
    {
        AcmClientOptions mine = Client.Options;
        AcmClientOptions others = other.Client.Options;
        return Client.Namespace == other.Client.Namespace
            && mine.Direct == others.Direct
            && mine.UnitName == others.UnitName
            && string.Equals(mine.Endpoint, others.Endpoint, StringComparison.OrdinalIgnoreCase);
    }

    /// <inheritdoc/>
    internal override async Task<IReadOnlyList<SetEntry>> OpenAsync(SetReading reading, ProblemList problems, CancellationToken cancellationToken)
    {
        var entries = new List<SetEntry>();
        await foreach (ConfigItem item in Client.ListAsync(reading.Call, cancellationToken).ConfigureAwait(false))
        {
            if (reading.Wants(item.Key)) entries.Add(new SetEntry { Key = item.Key, AppName = item.AppName.Length == 0 ? null : item.AppName });
        }

        return entries;
    }

    /// <inheritdoc/>
    private protected override async Task<IReadOnlyList<SetText>> ReadSomeAsync(IReadOnlyList<SetEntry> entries, SetReading reading, CancellationToken cancellationToken)
    {
        var call = new AcmCallOptions
        {
            TryTimeout = reading.Call?.TryTimeout,
            Log = reading.Call?.Log,
            NoSnapshot = true,
            NoFailover = true,
            NoDecrypt = reading.NoDecrypt || !Decrypts,
        };
        IReadOnlyList<ConfigResult> results = await Client.GetManyAsync([.. entries.Select(entry => entry.Key)], reading.Parallelism, call, cancellationToken).ConfigureAwait(false);
        var texts = new SetText[entries.Count];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = results[i].Config is { } config
                ? new SetText(entries[i], config.Content) { IsRaw = call.NoDecrypt && ConfigCipher.Concerns(config.Key), EncryptedDataKey = config.EncryptedDataKey }
                : new SetText(entries[i], results[i].Error!);
        }

        return texts;
    }
}
