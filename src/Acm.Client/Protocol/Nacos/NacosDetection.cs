using System.Text.Json;
using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Links;
using Acm.Client.Text;

namespace Acm.Client.Protocol.Nacos;

/// <summary>Finds out which generation a server is of, in at most two requests: the state of the third, then that of the first two.</summary>
internal static class NacosDetection
{
    public static readonly WireRequest State = Request("/nacos/v3/admin/core/state");

    private static readonly WireRequest OldState = Request("/nacos/v1/console/server/state");

    /// <exception cref="AcmException">The server did not answer, or as no Nacos does.</exception>
    public static async Task<NacosServer> FindAsync(HttpLink anonymous, CancellationToken cancellationToken)
    {
        foreach (WireRequest request in (WireRequest[])[State, OldState])
        {
            WireResponse response = await anonymous.SendAsync(request, cancellationToken).ConfigureAwait(false);
            var answer = NacosAnswer.Of(response);
            JsonElement state = answer.Data ?? answer.Root ?? default;
            if (response.Status == 200 && JsonText.Text(state, "version") is { } version)
            {
                return NacosServer.Of(version) ?? throw new AcmException(AcmErrorKind.CapabilityMissing, $"{response.Server} is a Nacos of version '{ForeignText.Clean(version)}', which is not known here.") { IsFinal = true };
            }

            // An answer of the server itself says what it is: only "not here" leads on.
            if (response.Status is 429 or >= 500) throw NacosErrors.For(response, "", "Asking for the version", key: null);
            if (response.Status is 401 or 403 && answer.IsOfNacos)
            {
                throw new AcmException(AcmErrorKind.AccessDenied, $"{response.Server} is a Nacos that does not tell its version ({response.Status}), by which it is to be spoken to.") { IsFinal = true, Advice = "Have whoever runs it, or a gateway before it, let the state of the server be read." };
            }
        }

        throw new AcmException(AcmErrorKind.CapabilityMissing, $"{anonymous.Server} does not answer as a Nacos server does.")
        {
            Advice = "Check host and port, and that the context path is /nacos. An ACM server is connected to with the server type Acm.",
            Option = nameof(AcmClientOptions.ServerType),
            IsFinal = true,
        };
    }

    private static WireRequest Request(string path) => new()
    {
        Kind = CallKind.Address,
        Method = HttpMethod.Get,
        PathAndQuery = path,
        MaxAnswer = 1024 * 1024,
        Subject = "the state of the server",
    };
}
