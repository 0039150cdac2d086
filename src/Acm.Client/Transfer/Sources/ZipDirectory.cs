using System.Buffers.Binary;

namespace Acm.Client.Transfer.Sources;

/// <summary>
/// Reads the positions of a zip's entries from its central directory. The framework does not detect overlapping entries, by which a few kilobytes
/// can expand to gigabytes although each entry is within its limits.
/// </summary>
internal static class ZipDirectory
{
    private const uint EndSignature = 0x06054B50;
    private const uint EntrySignature = 0x02014B50;
    private const uint LocatorSignature = 0x07064B50;
    private const uint LargeEndSignature = 0x06064B50;
    private const int EndLength = 22;
    private const int LocatorLength = 20;
    private const int LargeEndLength = 56;
    private const int LongestComment = ushort.MaxValue;
    private const int EntryLength = 46;
    private const int LocalHeaderLength = 30;
    private const int LargestDirectory = 64 * 1024 * 1024;

    /// <summary>Returns whether two entries overlap. If the directory is not found, the framework rejects the zip.</summary>
    /// <param name="zip">The zip, smaller than 4 GB.</param>
    /// <exception cref="InvalidDataException">An entry is beyond 4 GB, or the directory is too large.</exception>
    public static bool HasOverlaps(Stream zip)
    {
        byte[] directory = Directory(zip);
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
            if (packed == uint.MaxValue || start == uint.MaxValue)
                throw new InvalidDataException("An entry is marked as larger than 4 GB (zip64), which does not fit a zip of this size. Create the zip again without zip64.");

            places.Add((start, (long)start + LocalHeaderLength + packed));
            at += EntryLength + name + extra + comment;
            if (at >= LargestDirectory) throw new InvalidDataException("Its directory is larger than 64 MB.");
        }

        places.Sort();
        for (int i = 1; i < places.Count; i++)
            if (places[i].Start < places[i - 1].End) return true;
        return false;
    }

    // The framework ignores the declared size of the directory and reads until something is not an entry.
    private static byte[] Directory(Stream zip)
    {
        byte[] tail = Read(zip, Math.Max(0, zip.Length - EndLength - LongestComment), (int)Math.Min(zip.Length, EndLength + LongestComment));
        for (int at = tail.Length - EndLength; at >= 0; at--)
        {
            ReadOnlySpan<byte> end = tail.AsSpan(at);
            if (BinaryPrimitives.ReadUInt32LittleEndian(end) != EndSignature) continue;

            long start = LargeStart(zip, zip.Length - tail.Length + at, end) ?? BinaryPrimitives.ReadUInt32LittleEndian(end.Slice(16));
            return start >= 0 && start < zip.Length ? Read(zip, start, (int)Math.Min(zip.Length - start, LargestDirectory + EntryLength)) : [];
        }

        return [];
    }

    /// <summary>Returns the start of the directory from the zip64 end record, which is used if a field of the end record overflows, as with more than 65,535 entries; null if there is none.</summary>
    private static long? LargeStart(Stream zip, long endAt, ReadOnlySpan<byte> end)
    {
        bool isFull = BinaryPrimitives.ReadUInt16LittleEndian(end.Slice(4)) == ushort.MaxValue
            || BinaryPrimitives.ReadUInt16LittleEndian(end.Slice(10)) == ushort.MaxValue
            || BinaryPrimitives.ReadUInt32LittleEndian(end.Slice(16)) == uint.MaxValue;
        if (!isFull || endAt < LocatorLength) return null;

        byte[] locator = Read(zip, endAt - LocatorLength, LocatorLength);
        if (BinaryPrimitives.ReadUInt32LittleEndian(locator) != LocatorSignature) return null;

        long at = BinaryPrimitives.ReadInt64LittleEndian(locator.AsSpan(8));
        if (at < 0 || at > zip.Length - LargeEndLength) return null;

        byte[] record = Read(zip, at, LargeEndLength);
        return BinaryPrimitives.ReadUInt32LittleEndian(record) == LargeEndSignature ? BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(48)) : null;
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
