using Acm.Client.Http;
using Acm.Client.Protocol;

namespace Acm.Client.Links;

/// <summary>An operation that consists of one HTTP request.</summary>
/// <param name="request">The request.</param>
/// <param name="read">Reads the response; throws <see cref="AcmException"/> unless it is a success.</param>
internal sealed class HttpOperation<T>(WireRequest request, Func<WireResponse, T> read) : ServerOperation<T>(request.Kind, request.Subject, request.Key)
{
    public override async Task<T> RunAsync(IServerLink link, CancellationToken cancellationToken) =>
        read(await ((HttpLink)link).SendAsync(request, cancellationToken).ConfigureAwait(false));
}
