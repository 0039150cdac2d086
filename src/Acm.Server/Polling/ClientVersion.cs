using System.Globalization;

namespace Acm.Server.Polling;

/// <summary>Parses <c>Client-Version</c>, which determines the format of a short poll's response.</summary>
internal static class ClientVersion
{
    /// <summary>The first version whose clients read the result of a short poll from the body, 2.0.4.</summary>
    public const int FirstWithBody = 204;

    private const int WhereAbsent = 200;

    /// <summary>Returns the version as a number, computed like in the original server: 2.0.4 is 204, 0.4.10 is 50.</summary>
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
