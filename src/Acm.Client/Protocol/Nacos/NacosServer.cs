using System.Globalization;

namespace Acm.Client.Protocol.Nacos;

/// <summary>What was found out about the servers of a connection.</summary>
/// <param name="Generation">Which calls they take.</param>
/// <param name="Version">Their version, as they tell it.</param>
/// <param name="ComparesMd5">Whether they compare the MD5 of a conditional publish. Versions before 2.3 take the condition and overwrite all the same.</param>
/// <param name="ChangesMetadata">Whether they change tags and description without a publish: from 3.1.1 on.</param>
internal sealed record NacosServer(NacosGeneration Generation, string Version, bool ComparesMd5, bool ChangesMetadata)
{
    /// <summary>Whether it says that it is no node of a cluster.</summary>
    public bool IsAlone { get; init; }

    /// <summary>How many days it keeps changes: as it tells, else as it is installed; 0 where that is not known.</summary>
    public int RetentionDays { get; init; } = 30;

    /// <summary>Whether a list by pattern tells types. Those of 1.4.8 do not; of the versions between it and 2.3 that is not known.</summary>
    public bool ListsTypes => ComparesMd5;

    /// <summary>Whether they store the data key of encrypted content. 1.4.8, 2.0.3 and 2.2.3 drop it (recordings).</summary>
    public bool StoresDataKeys => ComparesMd5;

    public bool HasV3 => Generation >= NacosGeneration.Three;

    public bool HasV1 => Generation <= NacosGeneration.Three;

    /// <summary>The generation as people name it: 1, 2, 3, or 3.2 for those after the v1 calls.</summary>
    public string GenerationName => Generation switch
    {
        NacosGeneration.One => "1",
        NacosGeneration.Two => "2",
        NacosGeneration.Three => "3",
        _ => "3.2",
    };

    /// <summary>A server that does not tell its version. Of those of a generation the older ones can less, and that is what it is taken for.</summary>
    public static NacosServer OfGeneration(NacosGeneration generation) => generation == NacosGeneration.Three
        ? new NacosServer(generation, "3.x", ComparesMd5: true, ChangesMetadata: false)
        : new NacosServer(generation, "2.x", ComparesMd5: false, ChangesMetadata: false);

    /// <summary>Reads a version such as <c>2.5.1</c> or <c>3.2.0-BETA</c>; null where it is none.</summary>
    public static NacosServer? Of(string version)
    {
        string[] parts = version.Split('.', '-');
        if (!TryNumber(parts, 0, out int major) || !TryNumber(parts, 1, out int minor) || major < 1) return null;

        NacosGeneration generation = major switch
        {
            1 => NacosGeneration.One,
            2 => NacosGeneration.Two,
            3 when minor < 2 => NacosGeneration.Three,
            _ => NacosGeneration.ThreeTwo,
        };
        TryNumber(parts, 2, out int patch);
        bool changesMetadata = major > 3 || (major == 3 && (minor > 1 || (minor == 1 && patch >= 1)));
        return new NacosServer(generation, version, major > 2 || (major == 2 && minor >= 3), changesMetadata);
    }

    private static bool TryNumber(string[] parts, int place, out int number)
    {
        number = 0;
        return place < parts.Length && int.TryParse(parts[place], NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
