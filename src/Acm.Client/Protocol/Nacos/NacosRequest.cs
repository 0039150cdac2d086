using Acm.Client.Http;

namespace Acm.Client.Protocol.Nacos;

/// <summary>One request that needs neither a login nor the generation.</summary>
/// <param name="request">The request.</param>
/// <param name="read">Reads the response; throws <see cref="AcmException"/> unless it is a success.</param>
internal sealed class NacosRequest<T>(WireRequest request, Func<WireResponse, T> read) : ServerOperation<T>(request.Kind, request.Subject, request.Key)
{
    public override async Task<T> RunAsync(IServerLink link, CancellationToken cancellationToken) =>
        read(await ((NacosLink)link).SendAnonymousAsync(request, cancellationToken).ConfigureAwait(false));
}
