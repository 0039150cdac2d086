using Acm.Client.Calls;

namespace Acm.Client.Http;

/// <summary>A request as a dialect builds it, without the server and the authentication headers.</summary>
internal sealed class WireRequest
{
    private Tuple<ServerAddress, Uri>? _last;

    public required CallKind Kind { get; init; }

    public required HttpMethod Method { get; init; }

    /// <summary>Gets path and query with the leading slash, percent-encoded. The first segment is the dialect's context path; a server address with its own context path replaces it.</summary>
    public required string PathAndQuery { get; init; }

    public byte[]? Body { get; init; }

    /// <summary>Gets how many bytes of <see cref="Body"/> are sent; null for all.</summary>
    public int? BodyLength { get; init; }

    public string? ContentType { get; init; }

    /// <summary>Gets additional headers of this request.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Gets the limit of the response body, in bytes.</summary>
    public int MaxAnswer { get; init; } = HttpExchange.MaxAnswer;

    /// <summary>Gets what is requested, for the log: a key, a page, a namespace.</summary>
    public required string Subject { get; init; }

    /// <summary>Gets the configuration that the request is about; null if it is about none in particular.</summary>
    public ConfigKey? Key { get; init; }

    /// <summary>Gets whether the request only carries the access key ID, without a signature.</summary>
    public bool NamesKeyOnly { get; init; }

    /// <summary>Gets the namespace as sent, which the signature covers; empty if not sent.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>Gets the group as sent, which the signature covers; null if not sent.</summary>
    public string? Group { get; init; }

    /// <summary>Returns the complete address on a server; cached for the last server.</summary>
    public Uri UriOn(ServerAddress server)
    {
        if (_last is { } last && ReferenceEquals(last.Item1, server)) return last.Item2;

        var uri = new Uri(server.BaseUri + (server.ContextPath is { } context ? context + PathAndQuery.Substring(PathAndQuery.IndexOf('/', 1)) : PathAndQuery));
        _last = Tuple.Create(server, uri);
        return uri;
    }
}
