using System.Globalization;

namespace Acm.Server.Polling;

/// <summary>Reads <c>Client-Version</c>, by which the answer of a short poll takes its form.</summary>
internal static class ClientVersion
{
    /// <summary>From 2.0.4 on a client reads the result of a short poll in the body.</summary>
    public const int FirstWithBody = 204;

    private const int WhereAbsent = 200;

    /// <summary>Digits and other numbers of the version folded into one: 2.0.4 is 204, 0.4.10 is 50.</summary>
    public static int Number(string version)
    {
        if (version.Length == 0) return WhereAbsent;

        int sum = 0;
        foreach (string part in version.Split('.'))
        {
            if (int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number)) sum = unchecked((sum * 10) + number);
        }

        return sum;
    }
}
