using System.Globalization;

namespace Acm.Server.Dialects.Nacos;

/// <summary>Formats and parses IDs. They are text in JSON, because a JavaScript number cannot represent them exactly.</summary>
internal static class Ids
{
    public static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Parses IDs that are separated by commas.</summary>
    /// <exception cref="FaultException">An ID is not a number.</exception>
    public static long[] Parse(string text) => [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Id)];

    private static long Id(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long id)
            ? id
            : throw new FaultException(Fault.WrongType, $"Failed to convert value of type 'java.lang.String' to required type 'java.util.List'; For input string: \"{text}\"");
}
