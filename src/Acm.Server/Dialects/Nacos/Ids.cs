using System.Globalization;

namespace Acm.Server.Dialects.Nacos;

/// <summary>Ids are text in answers, for a number of this size is more than a script's numbers hold.</summary>
internal static class Ids
{
    public static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Ids as text, joined by commas; blank is none.</summary>
    /// <exception cref="FaultException">One is not a number.</exception>
    public static long[] Parse(string text) => [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Id)];

    private static long Id(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long id)
            ? id
            : throw new FaultException(Fault.WrongType, $"Failed to convert value of type 'java.lang.String' to required type 'java.util.List'; For input string: \"{text}\"");
}
