using Acm.Client.Calls;

namespace Acm.Client.Http;

/// <summary>A request as a dialect builds it: everything but the server it goes to and the headers that prove who sends it.</summary>
internal sealed class WireRequest
{
    private Tuple<ServerAddress, Uri>? _last;

    public required CallKind Kind { get; init; }

    public required HttpMethod Method { get; init; }

    /// <summary>Path and query, from the first slash on, percent-encoded. The first segment is the dialect's context path; a server with a context path of its own has that in its place.</summary>
    public required string PathAndQuery { get; init; }

    public byte[]? Body { get; init; }

    /// <summary>How many bytes of <see cref="Body"/> are sent; null for all of them.</summary>
    public int? BodyLength { get; init; }

    public string? ContentType { get; init; }

    /// <summary>Headers of this request alone.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The most that is read of the answer, in bytes.</summary>
    public int MaxAnswer { get; init; } = HttpExchange.MaxAnswer;

    /// <summary>What the log calls the thing asked for: a key, a page, a namespace.</summary>
    public required string Subject { get; init; }

    /// <summary>The configuration that the request is about; null where it is about none in particular.</summary>
    public ConfigKey? Key { get; init; }

    /// <summary>Whether the request only names who sends it, and proves nothing.</summary>
    public bool NamesKeyOnly { get; init; }

    /// <summary>The namespace as it is sent, which a signature covers; empty where it is not sent.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>The group as it is sent, which a signature covers; null where the request has none.</summary>
    public string? Group { get; init; }

    /// <summary>The whole address on a server. Made once for the server that it was last sent to.</summary>
    public Uri UriOn(ServerAddress server)
    {
        if (_last is { } last && ReferenceEquals(last.Item1, server)) return last.Item2;

        var uri = new Uri(server.BaseUri + (server.ContextPath is { } context ? context + PathAndQuery.Substring(PathAndQuery.IndexOf('/', 1)) : PathAndQuery));
        _last = Tuple.Create(server, uri);
        return uri;
    }
}
