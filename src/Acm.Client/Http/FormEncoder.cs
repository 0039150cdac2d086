using System.Text;
using Acm.Client.Text;

namespace Acm.Client.Http;

/// <summary>
/// Percent-encodes queries and form bodies as the reference client does: letters, digits and <c>_ . - ~</c> unchanged, a space as
/// <c>+</c>, every other byte as <c>%XX</c>. Names are UTF-8; content is passed as bytes.
/// </summary>
internal sealed class FormEncoder
{
    private static readonly bool[] Plain = MakePlain();

    private byte[] _buffer;
    private int _length;

    public FormEncoder(int capacity = 256)
    {
        _buffer = new byte[capacity];
    }

    /// <summary>Gets the number of bytes written so far.</summary>
    public int Length => _length;

    public FormEncoder Add(string name, string value) => Add(name, Encoding.UTF8.GetBytes(value));

    public FormEncoder Add(string name, byte[] value)
    {
        // Worst case: three bytes for each byte, and the separators.
        Reserve(name.Length + 2 + (3 * value.Length));
        if (_length > 0) _buffer[_length++] = (byte)'&';
        foreach (char c in name) _buffer[_length++] = (byte)c;
        _buffer[_length++] = (byte)'=';
        _length += Encode(value, _buffer, _length);
        return this;
    }

    /// <summary>Percent-encodes bytes into a buffer, which must have room for three times as many.</summary>
    /// <returns>The number of bytes written.</returns>
    public static int Encode(byte[] value, byte[] buffer, int at)
    {
        int start = at;
        foreach (byte b in value)
        {
            if (Plain[b])
            {
                buffer[at++] = b;
            }
            else if (b == ' ')
            {
                buffer[at++] = (byte)'+';
            }
            else
            {
                Hex.WritePercent(buffer, at, b);
                at += 3;
            }
        }

        return at - start;
    }

    /// <summary>Adds the namespace unless it is the default one, which is never sent.</summary>
    public FormEncoder AddTenant(string tenant) => tenant.Length == 0 ? this : Add("tenant", tenant);

    /// <summary>Adds a field if it has a value.</summary>
    public FormEncoder AddGiven(string name, string? value) => value is null ? this : Add(name, value);

    public byte[] ToBytes() => _buffer.AsSpan(0, _length).ToArray();

    public override string ToString() => Encoding.ASCII.GetString(_buffer, 0, _length);

    private static bool[] MakePlain()
    {
        bool[] plain = new bool[256];
        foreach (char c in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~") plain[c] = true;
        return plain;
    }

    private void Reserve(int more)
    {
        if (_length + more > _buffer.Length) Array.Resize(ref _buffer, Math.Max(2 * _buffer.Length, _length + more));
    }
}
