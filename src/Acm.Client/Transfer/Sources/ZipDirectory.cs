using System.Buffers.Binary;

namespace Acm.Client.Transfer.Sources;

/// <summary>
/// Where the entries of a zip lie in it, by its central directory. The framework reads each entry from where the directory says, also where several say the same place: a few kilobytes then
/// unpack to gigabytes, every one of them within its own limits.
/// </summary>
internal static class ZipDirectory
{
    private const uint EndSignature = 0x06054B50;
    private const uint EntrySignature = 0x02014B50;
    private const int EndLength = 22;
    private const int LongestComment = ushort.MaxValue;
    private const int EntryLength = 46;
    private const int LocalHeaderLength = 30;
    private const int LargestDirectory = 64 * 1024 * 1024;

    /// <summary>Whether two entries share bytes. A directory that can't be followed, as that of a zip of more than 4 GB, is not judged: the framework reads it or refuses it.</summary>
    public static bool HasOverlaps(Stream zip)
    {
        if (Directory(zip) is not { } directory) return false;

        var places = new List<(long Start, long End)>();
        for (int at = 0; at + EntryLength <= directory.Length;)
        {
            ReadOnlySpan<byte> entry = directory.AsSpan(at);
            if (BinaryPrimitives.ReadUInt32LittleEndian(entry) != EntrySignature) break;

            uint packed = BinaryPrimitives.ReadUInt32LittleEndian(entry.Slice(20));
            int name = BinaryPrimitives.ReadUInt16LittleEndian(entry.Slice(28));
            int extra = BinaryPrimitives.ReadUInt16LittleEndian(entry.Slice(30));
            int comment = BinaryPrimitives.ReadUInt16LittleEndian(entry.Slice(32));
            uint start = BinaryPrimitives.ReadUInt32LittleEndian(entry.Slice(42));
            if (packed != uint.MaxValue && start != uint.MaxValue) places.Add((start, (long)start + LocalHeaderLength + packed));
            at += EntryLength + name + extra + comment;
        }

        places.Sort();
        for (int i = 1; i < places.Count; i++)
            if (places[i].Start < places[i - 1].End) return true;
        return false;
    }

    private static byte[]? Directory(Stream zip)
    {
        byte[] tail = Read(zip, Math.Max(0, zip.Length - EndLength - LongestComment), (int)Math.Min(zip.Length, EndLength + LongestComment));
        for (int at = tail.Length - EndLength; at >= 0; at--)
        {
            ReadOnlySpan<byte> end = tail.AsSpan(at);
            if (BinaryPrimitives.ReadUInt32LittleEndian(end) != EndSignature) continue;

            uint size = BinaryPrimitives.ReadUInt32LittleEndian(end.Slice(12));
            uint start = BinaryPrimitives.ReadUInt32LittleEndian(end.Slice(16));
            return size <= LargestDirectory && start + (long)size <= zip.Length ? Read(zip, start, (int)size) : null;
        }

        return null;
    }

    private static byte[] Read(Stream zip, long start, int length)
    {
        byte[] bytes = new byte[length];
        zip.Position = start;
        int read = 0;
        int last;
        while (read < length && (last = zip.Read(bytes, read, length - read)) > 0) read += last;
        zip.Position = 0;
        return bytes;
    }
}
