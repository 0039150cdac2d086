using Acm.Server.Http;

namespace Acm.Server.Dialects.Acm;

/// <summary>The address server: lists of data servers and units.</summary>
internal sealed class AddressServer(IReadOnlyList<string> advertised, IReadOnlyList<string> units)
{
    private const string DefaultUnit = "center";
    private const string UnitPrefix = "/diamond-server/diamond-unit-";

    /// <summary>Returns the response for a path; null if it is not a path of the address server.</summary>
    public Answer? Find(string path, HttpRequest request) => path switch
    {
        "/diamond-server/diamond" => Servers(request),
        "/diamond-server/unit-list" => Lines(Units),
        "/env" => Lines([Units[0]]),
        _ when path.StartsWith(UnitPrefix, StringComparison.Ordinal) => Unit(path[UnitPrefix.Length..], request),
        _ => null,
    };

    private IReadOnlyList<string> Units => units.Count > 0 ? units : [DefaultUnit];

    private static Answer Lines(IEnumerable<string> lines) => Answer.Text(200, string.Concat(lines.Select(line => line + "\n")), "text/plain");

    // Without configured units, every unit consists of this server.
    private Answer Unit(string unit, HttpRequest request) =>
        unit.Length > 0 && (units.Count == 0 || units.Contains(unit)) ? Servers(request) : Answer.NoSuchPath;

    private Answer Servers(HttpRequest request) => Lines(advertised.Count > 0 ? advertised : [RequestHost.Of(request)]);
}
