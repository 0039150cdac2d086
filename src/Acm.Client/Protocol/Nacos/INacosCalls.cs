using Acm.Client.Http;

namespace Acm.Client.Protocol.Nacos;

/// <summary>Client calls over gRPC that HTTP lacks: from Nacos 3.2 on, only administrators can write over HTTP.</summary>
internal interface INacosCalls : IDisposable
{
    /// <summary>Publishes a configuration.</summary>
    /// <param name="link">The HTTP link to the same server, which provides the login.</param>
    /// <param name="namespace">The namespace.</param>
    /// <param name="request">The configuration. Metadata that it does not specify is reset.</param>
    /// <param name="casMd5">The MD5 that the stored value must have; null for no precondition.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The response in the form of an HTTP response.</returns>
    /// <exception cref="AcmException">The server is unreachable over gRPC, or the connection was lost; <see cref="AcmException.OutcomeUnknown"/> if the request was sent.</exception>
    Task<WireResponse> PublishAsync(NacosLink link, string @namespace, PublishRequest request, string? casMd5, CancellationToken cancellationToken);

    /// <summary>Removes a configuration.</summary>
    /// <param name="link">The HTTP link to the same server, which provides the login.</param>
    /// <param name="namespace">The namespace.</param>
    /// <param name="key">The configuration.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The response in the form of an HTTP response.</returns>
    /// <exception cref="AcmException">As for a publish.</exception>
    Task<WireResponse> RemoveAsync(NacosLink link, string @namespace, ConfigKey key, CancellationToken cancellationToken);
}
