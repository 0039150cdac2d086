using Acm.Client.Encryption;
using Acm.Client.Transfer.Sources;

namespace Acm.Client.Transfer;

/// <summary>
/// Compares two sides. The near side (files if there are any, otherwise the source) is read once, and only its checksums are kept. The
/// far side is asked about these.
/// </summary>
internal sealed class TransferPlanner
{
    private const int EncryptedAtOnce = 100;

    /// <summary>Up to this many configurations are read by name instead of listed, which returns all metadata and is cheaper for a large namespace.</summary>
    private const int MostReadByName = 16;

    private readonly ConfigSet _source;
    private readonly ConfigSet _target;
    private readonly TransferOptions _options;
    private readonly bool _forPublishing;
    private readonly ConfigSet _near;
    private readonly ConfigSet _far;
    private readonly ContentRules _rules;
    private readonly MetadataFields _compared;
    private readonly SetReading _reading;
    private readonly FarListing _listing;
    private readonly ProblemList _problems = new();
    private readonly List<TransferItem> _items = [];

    public TransferPlanner(ConfigSet source, ConfigSet target, TransferOptions options, bool forPublishing)
    {
        _source = source;
        _target = target;
        _options = options;
        _forPublishing = forPublishing;
        (_near, _far) = source is NamespaceSet && target is FileSet ? (target, source) : (source, target);
        _rules = _far is NamespaceSet servers ? ContentRules.Of(servers.Client) : ContentRules.OfFiles;

        // Metadata that servers do not store or list would be a difference in every run.
        _compared = _far is NamespaceSet ? _rules.StoredMetadata & _rules.ListedMetadata : MetadataFields.All;
        _reading = new SetReading
        {
            CheckKey = _rules.CheckKey,
            Filter = options.Filter,
            Parallelism = options.Parallelism,
            NoDecrypt = options.NoDecrypt,
            Call = options.Call,
        };
        _listing = new FarListing(_far, _reading, _problems, _compared);
    }

    private bool IsSwapped => _near != _source;

    /// <summary>Gets whether the plan requires the list of the far side.</summary>
    private bool IsListNeeded => IsSwapped || _options.IncludeRemoved;

    public async Task<TransferPlan> MakeAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<SetEntry> entries = await _near.OpenAsync(_reading, _problems, cancellationToken).ConfigureAwait(false);
        if (_problems.IsEmpty)
        {
            if (_far is NamespaceSet servers) await AskAsync(servers, entries, cancellationToken).ConfigureAwait(false);
            else await ReadBothAsync(entries, cancellationToken).ConfigureAwait(false);
        }

        if (!_problems.IsEmpty) _items.Clear();
        _items.Sort((a, b) => string.CompareOrdinal(a.Group, b.Group) is var byGroup and not 0 ? byGroup : string.CompareOrdinal(a.DataId, b.DataId));
        return new TransferPlan(_source, _target, _options, _reading, _items, _problems) { Rules = _rules, CanBeCarriedOut = _forPublishing && _problems.IsEmpty };
    }

    /// <summary>Compares with servers, which compare checksums; content is read only if checksums are not conclusive.</summary>
    private async Task AskAsync(NamespaceSet servers, IReadOnlyList<SetEntry> entries, CancellationToken cancellationToken)
    {
        bool isByName = _rules.ListsMd5 && !IsListNeeded && entries.Count <= MostReadByName;
        bool hasMetadata = entries.Any(entry => entry.Metadata.Only(_compared).IsGiven);
        if (!isByName && (hasMetadata || _rules.ListsMd5)) await ListForComparingAsync(servers, hasMetadata, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<SetEntry> left = AddSame(servers, entries);
        var known = new List<KeyValuePair<ConfigKey, string?>>(left.Count);
        var read = new Dictionary<ConfigKey, Near>(left.Count);
        var encrypted = new List<SetText>();
        var named = new List<SetText>();
        await foreach (SetText text in _near.ReadAsync(left, _reading, cancellationToken).ConfigureAwait(false))
        {
            _options.Compared?.Invoke(text.Entry.Key);
            if (!IsReadable(text)) continue;

            if (!text.IsRaw && IsDecrypted(servers, text.Entry))
            {
                encrypted.Add(text);
                if (encrypted.Count < EncryptedAtOnce) continue;

                await CompareTextsAsync(servers, encrypted, areDecrypted: true, cancellationToken).ConfigureAwait(false);
                encrypted.Clear();
                continue;
            }

            if (isByName)
            {
                named.Add(text);
                continue;
            }

            string md5 = _rules.Md5(text.Content);
            known.Add(new(text.Entry.Key, md5));
            read.Add(text.Entry.Key, NearOf(servers, text) with { IsRaw = text.IsRaw });
        }

        await CompareTextsAsync(servers, encrypted, areDecrypted: true, cancellationToken).ConfigureAwait(false);
        await CompareTextsAsync(servers, named, areDecrypted: false, cancellationToken).ConfigureAwait(false);
        await CompareChecksumsAsync(servers, known, read, cancellationToken).ConfigureAwait(false);
        if (IsListNeeded) await AddOnlyFarAsync(servers, entries, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Adds the configurations that the lists of two namespaces show to be equal, and returns those to read.</summary>
    private IReadOnlyList<SetEntry> AddSame(NamespaceSet servers, IReadOnlyList<SetEntry> entries)
    {
        if (!entries.Any(entry => entry.Md5 is not null) || _listing.Md5s is not { } listed) return entries;

        var left = new List<SetEntry>();
        foreach (SetEntry entry in entries)
        {
            if (entry.Md5 is not { } md5 || !listed.TryGetValue(entry.Key, out string? other) || other != md5 || IsDecrypted(servers, entry) || _listing.MetadataChanges(entry, IsSwapped).Count > 0)
            {
                left.Add(entry);
                continue;
            }

            _options.Compared?.Invoke(entry.Key);
            Add(new Near(entry, md5), Far.Same, targetMd5: md5);
        }

        return left;
    }

    /// <summary>Returns the keys whose checksum differs on the far side, and those of them that exist there.</summary>
    private async Task<(IReadOnlyList<ConfigKey> Differing, IReadOnlyList<ConfigKey> Existing)> FindDifferingAsync(NamespaceSet servers, List<KeyValuePair<ConfigKey, string?>> known, CancellationToken cancellationToken)
    {
        if (!_rules.ListsMd5 || _listing.Md5s is not { } listed)
        {
            IReadOnlyList<ConfigKey> differing = await servers.Client.FindDifferencesAsync(known, _options.Call, cancellationToken).ConfigureAwait(false);

            // Differing keys that exist have another value; the others are missing.
            return (differing, await FindThereAsync(servers, differing, cancellationToken).ConfigureAwait(false));
        }

        // Paging is not a consistent snapshot: keys that the list lacks are read by name.
        ConfigKey[] lacking = [.. known.Select(pair => pair.Key).Where(key => !listed.ContainsKey(key))];
        IReadOnlyList<ConfigKey> unlisted = await FindThereAsync(servers, lacking, cancellationToken).ConfigureAwait(false);
        ConfigKey[] others = [.. known.Where(pair => listed.TryGetValue(pair.Key, out string? md5) && md5 != pair.Value).Select(pair => pair.Key)];
        return ([.. others, .. lacking], [.. others, .. unlisted]);
    }

    /// <summary>Returns the keys that exist. A publish of a new configuration has a precondition, so planning it needs no proof of absence.</summary>
    private async Task<IReadOnlyList<ConfigKey>> FindThereAsync(NamespaceSet servers, IReadOnlyList<ConfigKey> keys, CancellationToken cancellationToken) =>
        keys.Count == 0 ? []
        : _forPublishing ? await servers.Client.FindKnownAsync(keys, _options.Call, cancellationToken).ConfigureAwait(false)
        : await servers.Client.FindExistingAsync(keys, _options.Call, cancellationToken).ConfigureAwait(false);

    private async Task CompareChecksumsAsync(NamespaceSet servers, List<KeyValuePair<ConfigKey, string?>> known, Dictionary<ConfigKey, Near> read, CancellationToken cancellationToken)
    {
        if (known.Count == 0) return;

        (IReadOnlyList<ConfigKey> differing, IReadOnlyList<ConfigKey> existing) = await FindDifferingAsync(servers, known, cancellationToken).ConfigureAwait(false);
        var differs = new HashSet<ConfigKey>(differing);
        foreach (ConfigKey key in existing) differs.Remove(key);
        var exists = new HashSet<ConfigKey>(existing);
        foreach (Near near in read.Values)
        {
            if (exists.Contains(near.Entry.Key)) continue;
            if (differs.Contains(near.Entry.Key)) Add(near, Far.Missing);
            else Add(near, Far.Same, targetMd5: near.Md5);
        }

        // Checksums are of bytes: text in another charset, or with characters that this connection would not write, may still be equal. A plan to publish
        // also records the MD5 of the value that it is made for.
        await foreach (SetText other in servers.ReadAsync([.. existing.Select(key => new SetEntry { Key = key })], _reading.AsStored(), cancellationToken).ConfigureAwait(false))
            AddCompared(read[other.Entry.Key], other);
    }

    /// <summary>Compares content. Encrypting the same text twice gives different cipher texts, so the plain texts are compared.</summary>
    private async Task CompareTextsAsync(NamespaceSet servers, List<SetText> texts, bool areDecrypted, CancellationToken cancellationToken)
    {
        int i = 0;
        SetEntry[] entries = [.. texts.Select(text => new SetEntry { Key = text.Entry.Key })];
        await foreach (SetText other in servers.ReadAsync(entries, areDecrypted ? _reading : _reading.AsStored(), cancellationToken).ConfigureAwait(false))
        {
            SetText text = texts[i++];
            AddCompared(NearOf(servers, text) with { IsEncrypted = areDecrypted, IsRaw = text.IsRaw }, other);
        }
    }

    private void AddCompared(Near near, SetText other)
    {
        if (other.HasAllMetadata) _listing.Note(other.Entry.Key, other.Metadata, _rules.StoredMetadata);
        if (other.Error is null) Add(near, _rules.Md5(other.Content) == near.Md5 ? Far.Same : Far.Other, targetMd5: other.Md5);
        else if (other.Error.Kind == AcmErrorKind.ConfigNotFound) Add(near, Far.Missing);
        else _items.Add(new TransferItem(near.Entry.Key, DifferenceState.Unknown, null, null, other.Error.About(near.Entry.Key)));
    }

    /// <summary>Compares files with files by reading both sides.</summary>
    private async Task ReadBothAsync(IReadOnlyList<SetEntry> entries, CancellationToken cancellationToken)
    {
        IReadOnlyList<SetEntry> others = await _listing.ReadAsync(cancellationToken).ConfigureAwait(false);
        var far = new Dictionary<ConfigKey, string>(others.Count);
        await foreach (SetText text in _far.ReadAsync(others, _reading, cancellationToken).ConfigureAwait(false))
        {
            if (IsReadable(text)) far.Add(text.Entry.Key, _rules.Md5(text.Content));
        }

        var targets = others.ToDictionary(entry => entry.Key);
        await foreach (SetText text in _near.ReadAsync(entries, _reading, cancellationToken).ConfigureAwait(false))
        {
            _options.Compared?.Invoke(text.Entry.Key);
            if (!IsReadable(text)) continue;

            string md5 = _rules.Md5(text.Content);
            bool isThere = far.TryGetValue(text.Entry.Key, out string? other);
            targets.TryGetValue(text.Entry.Key, out SetEntry? target);
            Add(new Near(text.Entry, md5), !isThere ? Far.Missing : other == md5 ? Far.Same : Far.Other, target);
        }

        if (_options.IncludeRemoved) AddOnlyFar(OnlyFar(entries, others));
    }

    private async Task AddOnlyFarAsync(NamespaceSet servers, IReadOnlyList<SetEntry> entries, CancellationToken cancellationToken)
    {
        SetEntry[] onlyFar = OnlyFar(entries, await _listing.ReadAsync(cancellationToken).ConfigureAwait(false));
        if (!_forPublishing)
        {
            AddOnlyFar(await WithoutUnsureAsync(onlyFar, cancellationToken).ConfigureAwait(false));
            return;
        }

        // A removal has the precondition that the value is the planned one.
        await foreach (SetText other in servers.ReadAsync(onlyFar, _reading.AsStored(), cancellationToken).ConfigureAwait(false))
        {
            if (other.Error is { Kind: AcmErrorKind.ConfigNotFound }) continue;

            _items.Add(new TransferItem(other.Entry.Key, DifferenceState.Removed, source: null, target: other.Entry, other.Error?.About(other.Entry.Key))
            {
                IsEncrypted = IsDecrypted(servers, other.Entry),
                TargetMd5 = other.Md5,
            });
        }
    }

    /// <summary>Lists the servers for checksums and metadata. The user may have permission to read but not to list: then only content is compared.</summary>
    private async Task ListForComparingAsync(NamespaceSet servers, bool hasMetadata, CancellationToken cancellationToken)
    {
        try
        {
            await _listing.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException e) when (!IsListNeeded)
        {
            AcmLogLevel level = hasMetadata ? AcmLogLevel.Warning : AcmLogLevel.Verbose;
            string line = $"Only contents are compared, not application names and other metadata: '{servers.Name}' cannot be listed. {e.Message}";
            foreach (IAcmLog? log in new[] { servers.Client.Options.Log, _options.Call?.Log })
            {
                if (log?.IsEnabled(level) == true) log.Write(level, line);
            }
        }
    }

    private SetEntry[] OnlyFar(IReadOnlyList<SetEntry> entries, IReadOnlyList<SetEntry> others)
    {
        var near = new HashSet<ConfigKey>(entries.Select(entry => entry.Key));
        return [.. others.Where(other => !near.Contains(other.Key) && (IsSwapped || _near is not FileSet files || !files.Hides(other.Key)))];
    }

    /// <summary>Returns the configurations that the near side provably lacks: pages are computed anew for each request, so its list can miss an item. The others become unknown.</summary>
    private async Task<SetEntry[]> WithoutUnsureAsync(SetEntry[] onlyFar, CancellationToken cancellationToken)
    {
        if (onlyFar.Length == 0 || _near is not NamespaceSet near) return onlyFar;

        Dictionary<ConfigKey, AcmException> unsure = await near.FindUnlistedAsync(
            [.. onlyFar.Select(entry => entry.Key)],
            key => $"'{key}' is in '{near.Name}', whose list did not have it, and was not compared.",
            _options.Call,
            cancellationToken).ConfigureAwait(false);
        _items.AddRange(unsure.Select(pair => new TransferItem(pair.Key, DifferenceState.Unknown, null, null, pair.Value)));
        return [.. onlyFar.Where(entry => !unsure.ContainsKey(entry.Key))];
    }

    private void AddOnlyFar(SetEntry[] onlyFar)
    {
        foreach (SetEntry other in onlyFar)
        {
            bool isEncrypted = _far is NamespaceSet servers && IsDecrypted(servers, other);
            _items.Add(IsSwapped
                ? new TransferItem(other.Key, DifferenceState.Added, source: other, target: null) { IsEncrypted = isEncrypted }
                : new TransferItem(other.Key, DifferenceState.Removed, source: null, target: other) { IsEncrypted = isEncrypted });
        }
    }

    private void Add(Near near, Far far, SetEntry? target = null, string? targetMd5 = null)
    {
        if (far != Far.Same && near.Unpublishable is { } unpublishable)
        {
            NoteUnusable(near.Entry, unpublishable);
            return;
        }

        SetEntry? other = far == Far.Missing ? null : target ?? new SetEntry { Key = near.Entry.Key };
        if (IsSwapped && far == Far.Missing && !_options.IncludeRemoved) return;

        // Metadata is published with its content, so content that cannot be published excludes metadata.
        IReadOnlyList<MetadataChange> metadata = far == Far.Missing || near.Unpublishable is not null ? [] : _listing.MetadataChanges(near.Entry, IsSwapped);
        if (metadata.Count > 0) far = Far.Other;
        DifferenceState state = far switch
        {
            Far.Same => DifferenceState.Unchanged,
            Far.Other => DifferenceState.Changed,
            _ => IsSwapped ? DifferenceState.Removed : DifferenceState.Added,
        };
        AcmException? refusal = state is DifferenceState.Added or DifferenceState.Changed ? near.Refusal : null;
        _items.Add(IsSwapped
            ? new TransferItem(near.Entry.Key, state, source: other, target: near.Entry) { IsEncrypted = near.IsEncrypted, IsRaw = near.IsRaw, Fingerprint = near.Md5, MetadataChanges = metadata }
            : new TransferItem(near.Entry.Key, state, source: near.Entry, target: other, refusal) { IsEncrypted = near.IsEncrypted, IsRaw = near.IsRaw, Fingerprint = near.Md5, MetadataChanges = metadata, TargetMd5 = targetMd5 });
    }

    /// <summary>Returns whether a text could be read; records a problem otherwise.</summary>
    private bool IsReadable(SetText text)
    {
        if (text.Error is null) return true;

        NoteUnusable(text.Entry, text.Error);
        return false;
    }

    /// <summary>
    /// Records a text that cannot be read or published. A file is a problem of the whole plan, because the user can fix it; a configuration on a server is only an error of its item, because permissions are per key.
    /// </summary>
    private void NoteUnusable(SetEntry entry, AcmException error)
    {
        if (entry.Path is not null) _problems.Add(error);
        else _items.Add(new TransferItem(entry.Key, DifferenceState.Unknown, entry, null, error.About(entry.Key)));
    }

    private Near NearOf(NamespaceSet servers, SetText text) => new(text.Entry, _rules.Md5(text.Content))
    {
        Refusal = Refusal(servers, text),
        Unpublishable = _forPublishing ? Refused(text, isEncrypted: !text.IsRaw && ConfigCipher.Concerns(text.Entry.Key)) : null,
    };

    private AcmException? Refused(SetText text, bool isEncrypted)
    {
        if (_rules.Refusal(text.Content, isEncrypted) is not { } refusal) return null;

        string where = text.Entry.Path is { } path ? $"'{path}' in '{_near.Name}'" : $"'{text.Entry.Key}' of '{_near.Name}'";
        return new AcmException(refusal.Kind, where + " " + refusal.Message, refusal.InnerException) { Key = text.Entry.Key, Advice = refusal.Advice };
    }

    /// <summary>Returns why this connection cannot publish a text encrypted. It is an error of the item, because another connection may have KMS.</summary>
    private AcmException? Refusal(NamespaceSet servers, SetText text) => _forPublishing ? servers.Client.Refusal(text.Entry.Key, text.Content, text.Publishing()) : null;

    private bool IsDecrypted(NamespaceSet servers, SetEntry entry) => !_options.NoDecrypt && servers.Decrypts && ConfigCipher.Concerns(entry.Key);

    private enum Far
    {
        Same,
        Other,
        Missing,
    }

    private sealed record Near(SetEntry Entry, string Md5)
    {
        /// <summary>Gets whether plain texts of encrypted configurations were compared.</summary>
        public bool IsEncrypted { get; init; }

        /// <summary>Gets whether cipher texts were compared.</summary>
        public bool IsRaw { get; init; }

        /// <summary>Gets why this connection cannot publish it; null if it can.</summary>
        public AcmException? Refusal { get; init; }

        /// <summary>Gets why no connection can publish it, such as blank content or an unsupported character; null if one can.</summary>
        public AcmException? Unpublishable { get; init; }
    }
}
