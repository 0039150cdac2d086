using Acm.Server.Http;

namespace Acm.Server.Dialects.Acm;

/// <summary>What clients ask the address server: which data servers there are, and which units.</summary>
internal sealed class AddressBook(IReadOnlyList<string> advertised, IReadOnlyList<string> units)
{
    private const string DefaultUnit = "center";
    private const string UnitPrefix = "/diamond-server/diamond-unit-";

    /// <summary>Null where the path is none of these.</summary>
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

    // Without a list of units every name is this server's.
    private Answer Unit(string unit, HttpRequest request) =>
        unit.Length > 0 && (units.Count == 0 || units.Contains(unit)) ? Servers(request) : Answer.NoSuchPath;

    private Answer Servers(HttpRequest request) => Lines(advertised.Count > 0 ? advertised : [RequestHost.Of(request)]);
}
