using System.Text;
using Acm.Client.Calls;
using Acm.Client.Http;

namespace Acm.Client.Protocol.Nacos;

/// <summary>The form field <c>Listening-Configs</c> (alibaba/nacos 1.0.0, <c>MD5Util</c>), and the keys themselves for servers without that call. Encoded on demand after a change.</summary>
internal sealed class NacosListenRequest(string @namespace) : IListenRequest
{
    private const char WordSeparator = '\u0002';
    private const char LineSeparator = '\u0001';

    private readonly SortedDictionary<int, KeyValuePair<ConfigKey, string?>> _keys = [];
    private readonly Stack<int> _free = new();
    private byte[]? _bytes;

    public int Count => _keys.Count;

    /// <summary>Gets the encoded bytes.</summary>
    public byte[] Bytes => _bytes ??= Write();

    public int Add(ConfigKey key, string? md5)
    {
        int place = _free.Count > 0 ? _free.Pop() : _keys.Count;
        Set(place, key, md5);
        return place;
    }

    public void SetMd5(int place, string? md5) => Set(place, _keys[place].Key, md5);

    public void Remove(int place)
    {
        _keys.Remove(place);
        _free.Push(place);
        _bytes = null;
    }

    public ServerOperation<IReadOnlyList<ConfigKey>> Listen(TimeSpan? hold) =>
        new NacosOperation<IReadOnlyList<ConfigKey>>(CallKind.Probe, $"{Count} keys", key: null, async (link, server, token) =>
        {
            if (server.HasV1) return NacosPoll.Read(await link.SendAsync(NacosRequests.Poll(@namespace, this, hold), token).ConfigureAwait(false), @namespace);
            if (hold is null) return await NacosDifferences.FindAsync(link, server, @namespace, [.. _keys.Values], token).ConfigureAwait(false);

            throw NacosErrors.Missing(server, "hold a request until a change", "Watched configurations are checked at an interval instead.");
        });

    private void Set(int place, ConfigKey key, string? md5)
    {
        _keys[place] = new(key, md5);
        _bytes = null;
    }

    private byte[] Write()
    {
        var list = new StringBuilder(64 * _keys.Count);
        foreach (KeyValuePair<ConfigKey, string?> pair in _keys.Values)
        {
            list.Append(pair.Key.DataId).Append(WordSeparator).Append(pair.Key.Group).Append(WordSeparator).Append(pair.Value);
            if (@namespace.Length > 0) list.Append(WordSeparator).Append(@namespace);
            list.Append(LineSeparator);
        }

        return new FormEncoder(3 * list.Length).Add("Listening-Configs", list.ToString()).ToBytes();
    }
}
