namespace Acm.Server.Dialects.Nacos;

/// <summary>Finds the route of a request by path, method, and a distinguishing parameter.</summary>
internal sealed class RouteTable
{
    private readonly Dictionary<string, List<Route>> _byPath = new(StringComparer.Ordinal);

    public RouteTable(IEnumerable<Route> routes)
    {
        foreach (Route route in routes)
        {
            if (!_byPath.TryGetValue(route.Path, out List<Route>? ofPath)) _byPath[route.Path] = ofPath = [];
            ofPath.Add(route);
        }
    }

    /// <summary>Returns the routes of a path; null if there are none.</summary>
    public IReadOnlyList<Route>? OfPath(string path) => _byPath.GetValueOrDefault(path);

    /// <summary>Returns the matching route among those of a path; null if there is none.</summary>
    public static Route? Choose(IReadOnlyList<Route> ofPath, string method, Parameters parameters)
    {
        string wanted = HttpMethods.IsHead(method) ? HttpMethods.Get : method;
        Route? plain = null;
        foreach (Route route in ofPath)
        {
            if (route.Method != wanted) continue;
            if (route.When is null) plain ??= route;
            else if (IsGiven(route.When, parameters)) return route;
        }

        return plain;
    }

    private static bool IsGiven(string condition, Parameters parameters)
    {
        int equals = condition.IndexOf('=', StringComparison.Ordinal);
        return parameters[condition[..equals]] is { } value && condition.AsSpan(equals + 1).SequenceEqual(value);
    }
}
