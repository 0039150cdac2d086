using System.Text.RegularExpressions;

namespace Acm.Tests.Docs;

/// <summary>
/// Maps the server names of examples: <c>acm.example.com</c>, with or without port 8848, is the connected server,
/// <c>down.example.com</c> is an unreachable server, and any other name in example.com is the second server.
/// </summary>
internal sealed partial class ExampleHosts(string server, string second)
{
    // Nothing listens on port 1.
    private const string Nobody = "127.0.0.1:1";

    public string ToReal(string code) => Name().Replace(code, host => host.Groups["label"].Value switch
    {
        "acm" => server,
        "down" => Nobody,
        _ => second,
    });

    public string ToPage(string output) => output
        .Replace(server, "acm.example.com:8848", StringComparison.Ordinal)
        .Replace(second, "other.example.com:8848", StringComparison.Ordinal)
        .Replace(Nobody, "down.example.com:8848", StringComparison.Ordinal);

    [GeneratedRegex(@"\b(?<label>[a-z0-9-]+)\.example\.com(:8848)?")]
    private static partial Regex Name();
}
