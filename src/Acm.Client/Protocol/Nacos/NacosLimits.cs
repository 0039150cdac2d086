using System.Globalization;

namespace Acm.Client.Protocol.Nacos;

/// <summary>
/// Length limits of metadata: the lower of the server's checks and its database columns. Servers report success for some longer values without storing them
/// (observed with 1.4.8, 2.5.1 and 3.0.3 for application names of 129 characters).
/// </summary>
internal static class NacosLimits
{
    public const int DataId = 255;

    private const int Tags = 5;
    private const int Tag = 64;
    private const int Description = 128;
    private const int AppName = 128;
    private const int Use = 32;
    private const int Schema = 32768;

    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidContent"/>: a property is too long.</exception>
    public static void Check(ConfigKey key, ConfigMetadata metadata)
    {
        CheckLength("description", metadata.Description, Description);
        CheckLength("application name", metadata.AppName, AppName);
        CheckLength("use", metadata.Use, Use);
        CheckLength("effect", metadata.Rest, Use);
        CheckLength("schema", metadata.Schema, Schema);
        string[] tags = metadata.Tags?.Split(',').Where(tag => tag.Length > 0).ToArray() ?? [];
        if (tags.Length > Tags) throw Refusal($"it has {Number(tags.Length)} tags, and Nacos stores at most {Number(Tags)}");

        foreach (string tag in tags) CheckLength("tag", tag, Tag);

        void CheckLength(string what, string? value, int longest)
        {
            if (value?.Length > longest) throw Refusal($"its {what} has {Number(value.Length)} characters, and Nacos stores at most {Number(longest)}");
        }

        AcmException Refusal(string problem) => new(AcmErrorKind.InvalidContent, $"Cannot publish '{key}': {problem}.") { Key = key, IsFinal = true };
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
