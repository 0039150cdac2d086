using System.Text;
using Acm.Client;
using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Protocol;
using Acm.Client.Text;

namespace Acm.Tests.Dialects;

/// <summary>
/// A minimal dialect: UTF-8, without HTTP, batch get and long poll. The engine's readers, writers, transfers and watchers work with it, which shows that they do not depend
/// on another dialect.
/// </summary>
internal sealed class EchoDialect : IConfigProtocol
{
    public string Name => "Echo";

    public AddressDefaults Addresses { get; } = new(8080, "/echo", SecondPortOffset: null);

    public Capability Missing => Capability.BatchGet | Capability.LongPoll;

    public MetadataFields StoredMetadata => MetadataFields.All;

    public MetadataFields ProvingMetadata => StoredMetadata;

    /// <summary>Gets the metadata in lists; <see cref="ConfigItem"/> only has the application name.</summary>
    public MetadataFields ListedMetadata => MetadataFields.AppName;

    /// <summary>Gets whether reads return metadata.</summary>
    public bool ShowsMetadata { get; init; } = true;

    public bool ListsMd5 => false;

    public int MaxBatchSize => 1;

    public string ContentCharset => "utf-8";

    /// <summary>Gets the view of reads.</summary>
    public ReadView View { get; init; } = ReadView.Only;

    /// <summary>Gets the number of reads with metadata.</summary>
    public int DetailedReads { get; private set; }

    /// <summary>Gets the reliability of write results.</summary>
    public WriteOutcome Outcome { get; init; } = WriteOutcome.Stored;

    public string CheckNamespace(string @namespace) => NamespaceName.Normalize(@namespace);

    public void CheckKey(ConfigKey key)
    {
        if (key.DataId.Contains('!', StringComparison.Ordinal)) throw new AcmException(AcmErrorKind.InvalidKey, "An exclamation mark is not for names.") { Key = key };
    }

    public void CheckMetadata(ConfigKey key, ConfigMetadata metadata)
    {
    }

    public byte[] EncodeContent(string content) => Encoding.UTF8.GetBytes(content);

    public ServerOperation<IReadOnlyList<string>> AddressList(string? unitName) => Ask<IReadOnlyList<string>>(CallKind.Address, "the server list", _ => ["one:1", "two:2"]);

    public ServerOperation<bool> Hello() => Ask(CallKind.Address, "a greeting", _ => true);

    public IReadOnlyList<ServerCheck> Checks(string @namespace) =>
        [new("Greeting", Ask(CallKind.Get, "a greeting", _ => "answered"), "Shout louder.", NeedsCredentials: false)];

    public ServerOperation<ServerRead> Get(string @namespace, ConfigKey key) => Read(@namespace, key);

    // Two requests, like in a dialect whose first request determines the second one.
    public ServerOperation<ServerRead> GetStored(string @namespace, ConfigKey key) => new Twice(Hello(), Read(@namespace, key));

    public ServerOperation<ServerRead> GetDetailed(string @namespace, ConfigKey key)
    {
        DetailedReads++;
        return Read(@namespace, key);
    }

    public ServerOperation<IReadOnlyList<ServerRead?>?> BatchGet(string @namespace, string group, IReadOnlyList<ConfigKey> keys) =>
        throw ConfigErrors.Missing(Name, "read several configurations in one request", "Read them one by one.");

    public ServerOperation<IReadOnlyList<ConfigKey>> FindDifferences(string @namespace, IReadOnlyList<KeyValuePair<ConfigKey, string?>> known) => Ask<IReadOnlyList<ConfigKey>>(
        CallKind.Probe,
        $"{known.Count} keys",
        servers => [.. known.Where(pair => servers.Stored.GetValueOrDefault((@namespace, pair.Key))?.Md5 != pair.Value).Select(pair => pair.Key)]);

    public int ListPageSize => 200;

    public ServerOperation<ConfigPage> List(string @namespace, ConfigFilter filter, int pageNumber, int pageSize) => Ask(CallKind.List, $"page {pageNumber} of the list", servers =>
    {
        ConfigKey[] keys = [.. servers.Stored.Keys.Where(stored => stored.Namespace == @namespace).Select(stored => stored.Key).OrderBy(key => key.ToString(), StringComparer.Ordinal)];
        return new ConfigPage
        {
            Items = [.. keys.Skip((pageNumber - 1) * pageSize).Take(pageSize).Select(key => new ConfigItem { DataId = key.DataId, Group = key.Group, Namespace = @namespace, AppName = servers.Stored[(@namespace, key)].Metadata.AppName ?? "" })],
            PageNumber = pageNumber,
            PagesAvailable = (keys.Length + pageSize - 1) / pageSize,
            TotalCount = keys.Length,
        };
    });

    public ServerOperation<WriteOutcome> Publish(string @namespace, PublishRequest request) =>
        Write(CallKind.Publish, @namespace, request.Key, request.Condition, stored =>
            stored[(@namespace, request.Key)] = new ServerValue
            {
                Text = Encoding.UTF8.GetString(request.Content),
                Bytes = request.Content,
                Md5 = Md5Hex.Of(request.Content),
                Charset = ContentCharset,
                Server = "echo",
                Metadata = request.Metadata.Or(stored.GetValueOrDefault((@namespace, request.Key))?.Metadata ?? ConfigMetadata.None),
            });

    public ServerOperation<WriteOutcome> Remove(string @namespace, ConfigKey key, PublishCondition condition) =>
        Write(CallKind.Remove, @namespace, key, condition, stored => stored.TryRemove((@namespace, key), out _));

    private Echo<WriteOutcome> Write(CallKind kind, string @namespace, ConfigKey key, PublishCondition condition, Action<System.Collections.Concurrent.ConcurrentDictionary<(string, ConfigKey), ServerValue>> write) =>
        Ask(kind, key.ToString(), servers =>
        {
            string? md5 = servers.Stored.GetValueOrDefault((@namespace, key))?.Md5;
            bool holds = condition.Kind switch
            {
                PublishConditionKind.Absent => md5 is null,
                PublishConditionKind.Unchanged => md5 == condition.Md5,
                _ => true,
            };
            if (!holds) return WriteOutcome.Refused;

            write(servers.Stored);
            return Outcome;
        }, key);

    private Echo<ServerRead> Read(string @namespace, ConfigKey key) =>
        Ask(CallKind.Get, key.ToString(), servers => new ServerRead(servers.Stored.GetValueOrDefault((@namespace, key)) is { } value ? Shown(value) : null, View), key);

    private ServerValue Shown(ServerValue value) => ShowsMetadata
        ? value
        : new ServerValue { Text = value.Text, Bytes = value.Bytes, Md5 = value.Md5, Charset = value.Charset, Server = value.Server };

    private static Echo<T> Ask<T>(CallKind kind, string subject, Func<EchoServers, T> answer, ConfigKey? key = null) => new(kind, subject, key, answer);

    private sealed class Echo<T>(CallKind kind, string subject, ConfigKey? key, Func<EchoServers, T> answer) : ServerOperation<T>(kind, subject, key)
    {
        public override Task<T> RunAsync(IServerLink link, CancellationToken cancellationToken)
        {
            try
            {
                return Task.FromResult(((EchoServers.EchoLink)link).Ask(Kind, answer));
            }
            catch (AcmException e)
            {
                return Task.FromException<T>(e);
            }
        }
    }

    private sealed class Twice(ServerOperation<bool> first, ServerOperation<ServerRead> second) : ServerOperation<ServerRead>(second.Kind, second.Subject, second.Key)
    {
        public override async Task<ServerRead> RunAsync(IServerLink link, CancellationToken cancellationToken)
        {
            await first.RunAsync(link, cancellationToken);
            return await second.RunAsync(link, cancellationToken);
        }
    }
}
