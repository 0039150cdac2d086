using System.Text;
using Acm.Client.Http;
using Acm.Client.Links;

namespace Acm.Client.Protocol.Diamond;

/// <summary>
/// The percent-encoded form field <c>Probe-Modify-Request</c> (alibaba/nacos 1.0.0, <c>MD5Util</c>). An MD5 of the same length is replaced in place;
/// changes of an entry's length are collected, and the buffer is then rewritten once.
/// </summary>
internal sealed class DiamondListenRequest : IListenRequest
{
    private const int Md5Length = 32;
    private static readonly byte[] Prefix = Encoding.ASCII.GetBytes("Probe-Modify-Request=");
    private static readonly byte[] WordSeparator = Encoding.ASCII.GetBytes("%02");
    private static readonly byte[] LineSeparator = Encoding.ASCII.GetBytes("%01");

    private readonly string _namespace;
    private readonly byte[] _tail;
    private readonly Stack<int> _free = new();
    private readonly Dictionary<int, string?> _waiting = [];
    private Entry[] _entries = new Entry[16];
    private int _places;
    private byte[] _buffer;
    private int _length;
    private bool _hasHoles;
    private byte[]? _lastGroupBytes;
    private string? _lastGroup;

    public DiamondListenRequest(string @namespace)
    {
        _namespace = @namespace;

        // The default namespace is omitted, as in nodejs-acm-sdk; acm-sdk-python sends an empty field.
        var tail = new FormText();
        if (@namespace.Length > 0) tail.Append(WordSeparator).Encode(@namespace);
        _tail = tail.Append(LineSeparator).ToBytes();
        _buffer = new byte[1024];
        _length = Write(Prefix, _buffer, 0);
    }

    public int Count { get; private set; }

    /// <summary>Gets the encoded bytes. Valid until the next change.</summary>
    public ArraySegment<byte> Bytes
    {
        get
        {
            MoveTogether();
            return new ArraySegment<byte>(_buffer, 0, _length);
        }
    }

    public int Add(ConfigKey key, string? md5)
    {
        byte[] dataId = Encoding.UTF8.GetBytes(key.DataId);
        if (!string.Equals(key.Group, _lastGroup, StringComparison.Ordinal))
        {
            _lastGroup = key.Group;
            _lastGroupBytes = new FormText().Append(WordSeparator).Encode(key.Group).Append(WordSeparator).ToBytes();
        }

        Reserve((3 * dataId.Length) + _lastGroupBytes!.Length + Md5Length + _tail.Length);
        int start = _length;
        _length += FormEncoder.Encode(dataId, _buffer, _length);
        _length += Write(_lastGroupBytes, _buffer, _length);
        int md5At = _length;
        if (md5 is not null) WriteMd5(md5);
        _length += Write(_tail, _buffer, _length);

        int place = TakePlace();
        _entries[place] = new Entry(start, md5At, _length, md5 is not null);
        Count++;
        return place;
    }

    public void SetMd5(int place, string? md5)
    {
        Entry entry = _entries[place];
        if (entry.HasMd5 != md5 is not null)
        {
            _waiting[place] = md5;
            return;
        }

        _waiting.Remove(place);
        if (md5 is null) return;
        for (int i = 0; i < Md5Length; i++) _buffer[entry.Md5At + i] = (byte)md5[i];
    }

    public void Remove(int place)
    {
        _waiting.Remove(place);
        _entries[place] = default;
        _free.Push(place);
        _hasHoles = true;
        Count--;
    }

    public ServerOperation<IReadOnlyList<ConfigKey>> Listen(TimeSpan? hold) => Ask(hold, "Watching");

    /// <param name="hold">How long the server may wait for a change; null for an immediate response.</param>
    /// <param name="what">The beginning of error messages.</param>
    public HttpOperation<IReadOnlyList<ConfigKey>> Ask(TimeSpan? hold, string what) => new(DiamondRequests.Probe(_namespace, this, hold), response => DiamondProbe.Read(response, _namespace, what));

    private static int Write(byte[] bytes, byte[] buffer, int at)
    {
        Buffer.BlockCopy(bytes, 0, buffer, at, bytes.Length);
        return bytes.Length;
    }

    private int TakePlace()
    {
        if (_free.Count > 0) return _free.Pop();
        if (_places == _entries.Length) Array.Resize(ref _entries, 2 * _places);
        return _places++;
    }

    private void WriteMd5(string md5)
    {
        foreach (char c in md5) _buffer[_length++] = (byte)c;
    }

    private void Reserve(int more)
    {
        if (_length + more > _buffer.Length) Array.Resize(ref _buffer, Math.Max(2 * _buffer.Length, _length + more));
    }

    private void MoveTogether()
    {
        if (_waiting.Count == 0 && !_hasHoles) return;

        byte[] old = _buffer;
        _buffer = new byte[_length + (Md5Length * _waiting.Count)];
        _length = Write(Prefix, _buffer, 0);
        for (int place = 0; place < _places; place++)
        {
            Entry entry = _entries[place];
            if (entry.End == 0) continue;

            int start = _length;
            int head = entry.Md5At - entry.Start;
            Buffer.BlockCopy(old, entry.Start, _buffer, start, head);
            _length += head;
            int md5At = _length;
            int tailFrom = entry.Md5At;
            bool hasMd5 = entry.HasMd5;
            if (_waiting.TryGetValue(place, out string? md5))
            {
                // A pending change either adds or removes the MD5.
                if (hasMd5) tailFrom += Md5Length;
                else WriteMd5(md5!);
                hasMd5 = !hasMd5;
            }

            int tail = entry.End - tailFrom;
            Buffer.BlockCopy(old, tailFrom, _buffer, _length, tail);
            _length += tail;
            _entries[place] = new Entry(start, md5At, _length, hasMd5);
        }

        _waiting.Clear();
        _hasHoles = false;
    }

    /// <summary>The position of an entry in the buffer; all zero for a free one.</summary>
    private readonly record struct Entry(int Start, int Md5At, int End, bool HasMd5);

    /// <summary>Builds the short constant parts.</summary>
    private sealed class FormText
    {
        private readonly List<byte> _bytes = [];

        public FormText Append(byte[] bytes)
        {
            _bytes.AddRange(bytes);
            return this;
        }

        public FormText Encode(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            byte[] encoded = new byte[3 * bytes.Length];
            int length = FormEncoder.Encode(bytes, encoded, 0);
            _bytes.AddRange(encoded.Take(length));
            return this;
        }

        public byte[] ToBytes() => [.. _bytes];
    }
}
