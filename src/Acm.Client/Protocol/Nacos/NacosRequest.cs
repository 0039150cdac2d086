using Acm.Client.Http;

namespace Acm.Client.Protocol.Nacos;

/// <summary>One request that needs neither a login nor the generation: to an address server, or to any server for any answer.</summary>
/// <param name="request">What is sent.</param>
/// <param name="read">Reads the answer; throws <see cref="AcmException"/> for each that is not a success.</param>
internal sealed class NacosRequest<T>(WireRequest request, Func<WireResponse, T> read) : ServerOperation<T>(request.Kind, request.Subject, request.Key)
{
    public override async Task<T> RunAsync(IServerLink link, CancellationToken cancellationToken) =>
        read(await ((NacosLink)link).SendAnonymousAsync(request, cancellationToken).ConfigureAwait(false));
}
