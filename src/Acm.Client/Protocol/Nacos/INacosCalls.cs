using Acm.Client.Http;

namespace Acm.Client.Protocol.Nacos;

/// <summary>The calls that clients make over gRPC, for those that HTTP lacks: from 3.2 on, HTTP has no write for a user who is not an administrator.</summary>
internal interface INacosCalls : IDisposable
{
    /// <summary>Publishes.</summary>
    /// <param name="link">The way to the same server over HTTP, which has the login.</param>
    /// <param name="namespace">Where.</param>
    /// <param name="request">What to store. What its metadata does not name is reset.</param>
    /// <param name="casMd5">The MD5 that the server is to find stored; null for no condition.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The answer, in the form of one over HTTP.</returns>
    /// <exception cref="AcmException">The server cannot be reached over gRPC, or the connection was lost; <see cref="AcmException.OutcomeUnknown"/> where the request was sent.</exception>
    Task<WireResponse> PublishAsync(NacosLink link, string @namespace, PublishRequest request, string? casMd5, CancellationToken cancellationToken);

    /// <summary>Removes.</summary>
    /// <param name="link">The way to the same server over HTTP, which has the login.</param>
    /// <param name="namespace">Where.</param>
    /// <param name="key">What.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The answer, in the form of one over HTTP.</returns>
    /// <exception cref="AcmException">As for a publish.</exception>
    Task<WireResponse> RemoveAsync(NacosLink link, string @namespace, ConfigKey key, CancellationToken cancellationToken);
}
