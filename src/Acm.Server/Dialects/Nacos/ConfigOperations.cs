using System.Security.Cryptography;
using System.Text;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos;

/// <summary>The operations on configurations that all versions of the API share, with the checks of names and values.</summary>
internal sealed class ConfigOperations(ConfigStore store, Generation generation, CallLimits limits)
{
    public const string PublicNamespace = "public";
    private const int MaxGrays = 10;
    private const int MaxDescription = 128;

    // Nacos has no limit here, because it does not store the text; this server keeps it in memory with every configuration.
    private const int MaxKeptText = 1_024;
    private const int MaxDataKey = 8_192;

    /// <summary>The maximum size of the contents and names in a response or clone.</summary>
    private const long MaxAnswerBytes = 32L * 1024 * 1024;

    // An estimate of the names, times and JSON syntax of an item.
    private const int BytesPerItem = 512;

    private static readonly string[] Types = ["properties", "xml", "json", "text", "html", "yaml", "toml", "unset"];

    public ConfigStore Store => store;

    public Generation Generation => generation;

    public CallLimits Limits => limits;

    /// <summary>Gets the name of the public namespace in responses of this generation.</summary>
    public string PublicName => generation >= Generation.Three ? PublicNamespace : "";

    /// <summary>Returns the namespace as it is stored. The public namespace is the empty string; <c>public</c> and blanks also mean it.</summary>
    public static string Tenant(string? id) => string.IsNullOrWhiteSpace(id) || id == PublicNamespace ? "" : id;

    public string NameOf(string tenant) => tenant.Length == 0 ? PublicName : tenant;

    /// <summary>Checks the size of a response before contents are read.</summary>
    /// <param name="slots">The configurations in the response.</param>
    /// <param name="advice">How to request less; ends the error message.</param>
    /// <exception cref="FaultException">The response would be too large; a truncated one would look complete.</exception>
    public static void CheckAnswerSize(IEnumerable<KeySlot> slots, string advice)
    {
        if (slots.Sum(slot => (slot.Current?.Length ?? 0L) + BytesPerItem) > MaxAnswerBytes) throw new FaultException(Fault.AnswerTooLarge, $"the answer would have more than {MaxAnswerBytes} bytes, {advice}");
    }

    /// <summary>Returns the key for names that a client sent.</summary>
    /// <exception cref="FaultException">A name is invalid.</exception>
    public static ConfigKey Key(string dataId, string group, string? @namespace)
    {
        NameRules.CheckTenant(@namespace);
        NameRules.Check(dataId, group);
        return new ConfigKey(Tenant(@namespace), group, dataId);
    }

    /// <summary>Returns the version of a configuration for a client; null if there is none.</summary>
    /// <param name="key">The key.</param>
    /// <param name="clientAddress">The client's address, which selects a beta version.</param>
    /// <param name="tag">The required tag; empty for none.</param>
    /// <param name="preferredTag">The preferred tag; the formal version is the fallback.</param>
    public ConfigEntry? Get(ConfigKey key, string clientAddress, string tag, string preferredTag)
    {
        if (store.Index.FindSlot(key) is not { } slot) return null;

        var view = new NacosView(store.Index, generation, clientAddress, "");
        return tag.Length > 0 ? view.Select(slot, tag, mustHaveTag: true) : view.Select(slot, preferredTag, mustHaveTag: false);
    }

    /// <summary>Returns the content of a version in UTF-8, and its MD5.</summary>
    public (byte[] Content, string Md5) Read(ConfigEntry entry)
    {
        if (store.Index.Read(entry, Charsets.Text) is { } read) return read;

        // Another dialect may have stored bytes that are not valid text.
        byte[] shown = Encoding.UTF8.GetBytes(store.Text(entry));
        return (shown, Md5(shown));
    }

    /// <summary>Returns the MD5 of a version in UTF-8, in most cases without reading the content.</summary>
    public string Md5(ConfigEntry entry) => entry.Charset == Charsets.Gbk ? Read(entry).Md5 : entry.Md5;

    /// <summary>Publishes a configuration.</summary>
    /// <exception cref="FaultException">A name or value is invalid, or the expected MD5 does not match the stored one.</exception>
    public async Task PublishAsync(PublishRequest request, CancellationToken cancellationToken)
    {
        ConfigKey key = Key(request.DataId, request.Group, request.Namespace);
        if (IsBlank(request.Content)) throw new FaultException(Fault.BadValue, $"content is blank : {request.Content}");

        NameRules.CheckTag(request.Tag);
        CheckTags(request.ConfigTags);
        CheckLength("desc", request.Description, MaxDescription);
        CheckLength("use", request.Use, 32);
        CheckLength("effect", request.Effect, 32);
        CheckLength("schema", request.Schema, 32768);
        CheckLength("appName", request.AppName, MaxKeptText);
        CheckLength("src_user", request.User, MaxKeptText);
        CheckLength("encryptedDataKey", request.EncryptedDataKey, MaxDataKey);
        GrayRule? rule = !string.IsNullOrWhiteSpace(request.BetaIps) ? GrayRule.Beta(request.BetaIps)
            : !string.IsNullOrWhiteSpace(request.Tag) ? GrayRule.Tag(request.Tag)
            : null;
        byte[] content = Encoding.UTF8.GetBytes(request.Content);
        limits.CheckSize(content);
        bool compares = !string.IsNullOrWhiteSpace(request.CasMd5) && generation > Generation.One;
        var change = new Change
        {
            Key = key,
            Gray = rule?.Name ?? "",
            Rule = rule,
            Content = content,
            Md5 = Md5(content),
            Charset = Charsets.Text,
            Metadata = rule is null ? old => Formal(old, request) : old => old with { AppName = request.AppName ?? old.AppName },
            ExpectedMd5 = compares ? request.CasMd5 : null,
            ExpectedCharset = static _ => Charsets.Text,
            ExpectationAllowsAbsence = true,
            MaxGrays = generation > Generation.One ? MaxGrays : int.MaxValue,
            User = request.User,
            AccessKey = request.AccessKey,
            ClientAddress = request.ClientAddress,
        };
        switch (await store.SubmitAsync(change, cancellationToken).ConfigureAwait(false))
        {
            case ChangeOutcome.Conflict:
                throw new FaultException(Fault.Conflict, "Cas publish fail, server md5 may have changed.");
            case ChangeOutcome.TooManyGrays:
                throw new FaultException(Fault.TooManyGrays, $"gray config version is over max count :{MaxGrays}");
        }
    }

    /// <summary>Changes the metadata of a configuration; null keeps a value.</summary>
    /// <returns>False if the configuration does not exist.</returns>
    /// <exception cref="FaultException">A value is invalid.</exception>
    public async Task<bool> UpdateMetadataAsync(ConfigKey key, string? description, string? tags, NacosCall call)
    {
        CheckTags(tags);
        CheckLength("desc", description, MaxDescription);
        while (store.Index.Find(key) is { } entry)
        {
            var change = new Change
            {
                Key = key,
                Content = store.Index.Content(entry),
                Md5 = entry.Md5,
                Charset = entry.Charset,
                Metadata = old => old with { Description = description ?? old.Description, Tags = tags is null ? old.Tags : JoinTags(tags) },

                // A content published in the meantime must not be overwritten with the previous one.
                ExpectedMd5 = entry.Md5,
                User = call.User,
                AccessKey = call.AccessKey,
                ClientAddress = call.ClientAddress,
            };
            if (await store.SubmitAsync(change, call.ClientGone).ConfigureAwait(false) == ChangeOutcome.Done) return true;
        }

        return false;
    }

    /// <summary>Removes the formal version or a gray version; succeeds if it does not exist.</summary>
    /// <param name="key">The key.</param>
    /// <param name="gray">The name of the gray version; empty for the formal one.</param>
    /// <param name="caller">The caller.</param>
    /// <returns>False if it did not exist.</returns>
    public async Task<bool> RemoveAsync(ConfigKey key, string gray, ICaller caller)
    {
        bool isThere = store.Index.FindSlot(key)?.Find(gray) is not null;
        var change = new Change { Key = key, Gray = gray, User = caller.User, AccessKey = caller.AccessKey, ClientAddress = caller.ClientAddress };
        return await store.SubmitAsync(change, caller.ClientGone).ConfigureAwait(false) == ChangeOutcome.Done && isThere;
    }

    /// <summary>Removes the version of the <c>tag</c> parameter, or the formal version.</summary>
    /// <exception cref="FaultException">The tag is invalid.</exception>
    public Task<bool> RemoveTaggedAsync(ConfigKey key, NacosCall call)
    {
        string? tag = call["tag"];
        NameRules.CheckTag(tag);
        return RemoveAsync(key, string.IsNullOrWhiteSpace(tag) ? "" : GrayRule.NameOfTag(tag), call);
    }

    /// <summary>Returns the type of a version; a gray version has the type of the formal one.</summary>
    public string TypeOf(ConfigEntry entry, ConfigKey key) =>
        (entry.Rule is null ? entry : store.Index.Find(key))?.Metadata.Type ?? "text";

    /// <summary>Returns the response headers that identify the version.</summary>
    /// <param name="entry">The version in the response.</param>
    /// <param name="tag">The tag in the parameters; empty for none.</param>
    public IEnumerable<(string Name, string Value)> VersionHeaders(ConfigEntry entry, string tag)
    {
        if (entry.Rule is null)
        {
            if (generation > Generation.One) yield return ("Encrypted-Data-Key", entry.Metadata.EncryptedDataKey ?? "");
        }
        else if (entry.Rule.IsBeta)
        {
            yield return ("isBeta", "true");
        }
        else if (generation > Generation.One)
        {
            yield return ("tag", entry.Rule.Expression);
        }
        else if (tag.Length == 0)
        {
            yield return ("Vipserver-Tag", entry.Rule.Expression);
        }
    }

    /// <summary>Checks the metadata of an archive's item.</summary>
    /// <exception cref="FaultException">A value is too long.</exception>
    public static void CheckMetadata(Transfer.TransferItem item, string? user)
    {
        CheckLength("type", item.Type, MaxKeptText);
        CheckLength("appName", item.AppName, MaxKeptText);
        CheckLength("desc", item.Description, MaxKeptText);
        CheckLength("src_user", user, MaxKeptText);
    }

    /// <summary>Writes an item of an import or clone.</summary>
    /// <returns>False if the configuration exists and may not be replaced.</returns>
    public async Task<bool> WriteAsync(ConfigKey key, Transfer.TransferItem item, bool createOnly, string? user, NacosCall call)
    {
        byte[] content = Encoding.UTF8.GetBytes(item.Content);
        var change = new Change
        {
            Key = key,
            Content = content,
            Md5 = Md5(content),
            Charset = Charsets.Text,
            Metadata = old => old with
            {
                Type = item.Type,
                AppName = item.AppName ?? old.AppName,
                Description = item.Description,
                EncryptedDataKey = item.EncryptedDataKey,
                Use = null,
                Effect = null,
                Schema = null,
            },
            CreateOnly = createOnly,
            User = user,
            AccessKey = call.AccessKey,
            ClientAddress = call.ClientAddress,
        };
        return await store.SubmitAsync(change, call.ClientGone).ConfigureAwait(false) == ChangeOutcome.Done;
    }

    /// <summary>Removes the formal versions of configurations in any namespace by their IDs; ignores unknown IDs.</summary>
    public async Task RemoveAsync(IEnumerable<long> ids, NacosCall call)
    {
        // All permissions are checked before the first removal, so that nothing is removed if one is missing.
        ConfigKey[] keys = [.. ids.Distinct().Select(store.Index.FindById).OfType<KeySlot>().Select(slot => slot.Key)];
        foreach (ConfigKey key in keys)
        {
            call.CheckAccess(isWrite: true, key.Tenant);
            limits.Count(call, isWrite: true, key);
        }

        foreach (ConfigKey key in keys) await RemoveAsync(key, "", call).ConfigureAwait(false);
    }

    public static string Md5(string text) => Md5(Encoding.UTF8.GetBytes(text));

    private static string Md5(byte[] content) => Convert.ToHexStringLower(MD5.HashData(content));

    /// <summary>Returns whether Nacos considers a content blank. A no-break space, a byte order mark and NUL are not blank.</summary>
    public static bool IsBlank(string content) => content.All(c => c is '\u3000' or '\u1680' or '\u2028' or '\u2029' or '\u205F' or (>= '\t' and <= '\r') or (>= '\u001c' and <= ' ') or (>= '\u2000' and <= '\u2006') or (>= '\u2008' and <= '\u200A'));

    private ConfigMetadata Formal(ConfigMetadata old, PublishRequest request) => new()
    {
        AppName = request.AppName ?? old.AppName,
        Tags = request.ConfigTags is null ? old.Tags : JoinTags(request.ConfigTags),
        Type = Type(request.Type),
        Description = request.Description,
        Use = request.Use,
        Effect = request.Effect,
        Schema = request.Schema,
        EncryptedDataKey = generation > Generation.One && !string.IsNullOrEmpty(request.EncryptedDataKey) ? request.EncryptedDataKey : null,
    };

    private static string? JoinTags(string tags)
    {
        string[] parts = tags.Split(',', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length == 0 ? null : string.Join(',', parts);
    }

    private string Type(string? type) => type is not null && Types.Contains(type) && (type != "toml" || generation > Generation.One) ? type : "text";

    private static void CheckTags(string? tags)
    {
        string[] parts = tags?.Split(',') ?? [];
        if (parts.Length > 5) throw new FaultException(Fault.RefusedWrite, "too much config_tags, over 5");
        if (parts.FirstOrDefault(part => part.Length > 64) is not null) throw new FaultException(Fault.RefusedWrite, "too long tag, over 64");
    }

    private static void CheckLength(string name, string? value, int most)
    {
        if (value?.Length > most) throw new FaultException(Fault.RefusedWrite, $"too long {name}, over {most}");
    }
}
