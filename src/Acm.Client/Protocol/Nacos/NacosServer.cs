using System.Globalization;

namespace Acm.Client.Protocol.Nacos;

/// <summary>What was detected about the servers of a connection.</summary>
/// <param name="Generation">The API generation.</param>
/// <param name="Version">The version.</param>
/// <param name="ComparesMd5">Whether they support compare-and-swap publishing. Versions before 2.3 accept the precondition but overwrite nevertheless.</param>
/// <param name="ChangesMetadata">Whether they change tags and description without a publish (3.1.1 and later).</param>
internal sealed record NacosServer(NacosGeneration Generation, string Version, bool ComparesMd5, bool ChangesMetadata)
{
    /// <summary>Gets whether the server runs stand-alone.</summary>
    public bool IsAlone { get; init; }

    /// <summary>Gets how many days changes are kept, as reported or by default; 0 if unknown.</summary>
    public int RetentionDays { get; init; } = 30;

    /// <summary>Gets whether a pattern search returns types. 1.4.8 does not; versions up to 2.3 are unknown.</summary>
    public bool ListsTypes => ComparesMd5;

    /// <summary>Gets whether servers store data keys. 1.4.8, 2.0.3 and 2.2.3 drop them (tests/Conformance/Recordings).</summary>
    public bool StoresDataKeys => ComparesMd5;

    public bool HasV3 => Generation >= NacosGeneration.Three;

    public bool HasV1 => Generation <= NacosGeneration.Three;

    /// <summary>Gets the display name of the generation: 1, 2, 3, or 3.2 for versions without the v1 API.</summary>
    public string GenerationName => Generation switch
    {
        NacosGeneration.One => "1",
        NacosGeneration.Two => "2",
        NacosGeneration.Three => "3",
        _ => "3.2",
    };

    /// <summary>Returns the description of a server that does not report its version: the least capable of its generation.</summary>
    public static NacosServer OfGeneration(NacosGeneration generation) => generation == NacosGeneration.Three
        ? new NacosServer(generation, "3.x", ComparesMd5: true, ChangesMetadata: false)
        : new NacosServer(generation, "2.x", ComparesMd5: false, ChangesMetadata: false);

    /// <summary>Parses a version such as <c>2.5.1</c> or <c>3.2.0-BETA</c>; returns null if it is not valid.</summary>
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
