using System.Text;
using Acm.Client.Http;

namespace Acm.Client.Credentials;

/// <summary>
/// Gets the credentials of an ECS instance's RAM role from its metadata service: in hardened mode first, in normal mode if that fails and is allowed.
/// The service renews the credentials itself.
/// </summary>
internal sealed class RamRoleProvider(CredentialScope scope, string? roleName) : ICredentialProvider
{
    private const string TokenPath = "/latest/api/token";
    private const string RolePath = "/latest/meta-data/ram/security-credentials/";
    private const string TokenHeader = "X-aliyun-ecs-metadata-token";
    private const string LifetimeHeader = "X-aliyun-ecs-metadata-token-ttl-seconds";
    private const string Lifetime = "21600";
    private const string PlainForbidden = "ALIBABA_CLOUD_IMDSV1_DISABLED";
    private const string Disabled = "ALIBABA_CLOUD_ECS_METADATA_DISABLED";
    public const string RoleVariable = "ALIBABA_CLOUD_ECS_METADATA";

    /// <summary>Time-out of each request, short because nothing answers at this address outside ECS.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private string Service => $"The metadata service at {scope.MetadataAddress}";

    public string Name => "RamRole";

    public async Task<AcmCredential> FetchAsync(CancellationToken cancellationToken)
    {
        if (scope.Flag(Disabled)) throw CredentialErrors.None($"The metadata service is disabled: {Disabled} is true.");

        (string? token, AcmException? tokenFailure) = await TokenAsync(cancellationToken).ConfigureAwait(false);
        if (token is null && scope.Flag(PlainForbidden))
        {
            throw CredentialErrors.None($"{Service} returned no token for its hardened mode, and {PlainForbidden} does not allow requests without one. {tokenFailure!.Message}", "Is this an ECS instance?", tokenFailure);
        }

        string role = roleName ?? scope.Variable(RoleVariable) ?? await DiscoverAsync(token, cancellationToken).ConfigureAwait(false);
        WireResponse response = await GetAsync(RolePath + Uri.EscapeDataString(role), token, cancellationToken).ConfigureAwait(false);
        return response.Status switch
        {
            200 => CredentialJson.Read(response, scope.Clock, Service),
            404 => throw CredentialErrors.None($"{Service} does not have a role '{role}' for this instance.", "Attach the role to the instance, or specify the role that is attached."),
            _ => throw CredentialErrors.None($"{Service} answered {response.Status} when asked for the credentials of role '{role}'."),
        };
    }

    private async Task<string> DiscoverAsync(string? token, CancellationToken cancellationToken)
    {
        WireResponse response = await GetAsync(RolePath, token, cancellationToken).ConfigureAwait(false);
        if (response.Status is not (200 or 404)) throw CredentialErrors.None($"{Service} answered {response.Status} when asked for the instance's role.");

        string name = response.Status == 200 ? Encoding.UTF8.GetString(response.Body).Trim() : "";
        if (name.Length == 0) throw CredentialErrors.None("This instance has no RAM role.", "Attach a role to the instance.");
        if (name.Length > 64 || !name.All(c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '_' or '.'))
        {
            throw CredentialErrors.None($"{Service} answered with text that is not a valid role name.", "Check that the metadata service runs at this address.");
        }

        return name;
    }

    /// <summary>Gets the token of the hardened mode; null and the reason if there is none.</summary>
    private async Task<(string? Token, AcmException? Failure)> TokenAsync(CancellationToken cancellationToken)
    {
        try
        {
            using HttpRequestMessage message = Request(HttpMethod.Put, TokenPath);
            message.Headers.TryAddWithoutValidation(LifetimeHeader, Lifetime);
            WireResponse response = await scope.MetadataAsync(message, Limit, cancellationToken).ConfigureAwait(false);
            string token = response.Status == 200 ? Encoding.ASCII.GetString(response.Body).Trim() : "";
            return token.Length > 0 && token.All(c => c is > ' ' and <= '~') ? (token, null) : (null, CredentialErrors.None($"It answered {response.Status} when asked for a token."));
        }
        catch (AcmException e)
        {
            return (null, e);
        }
    }

    /// <summary>Sends a request with the token; without it if that fails and normal mode is allowed.</summary>
    private async Task<WireResponse> GetAsync(string path, string? token, CancellationToken cancellationToken)
    {
        bool plain = !scope.Flag(PlainForbidden);
        if (token is not null)
        {
            try
            {
                using HttpRequestMessage hardened = Request(HttpMethod.Get, path);
                hardened.Headers.TryAddWithoutValidation(TokenHeader, token);
                WireResponse response = await scope.MetadataAsync(hardened, Limit, cancellationToken).ConfigureAwait(false);
                if (response.Status is 200 or 404 || !plain) return response;
            }
            catch (AcmException) when (plain)
            {
                // If the normal mode fails too, its error is reported.
            }
            catch (AcmException e)
            {
                throw Unreachable(e);
            }
        }

        try
        {
            using HttpRequestMessage message = Request(HttpMethod.Get, path);
            return await scope.MetadataAsync(message, Limit, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException e)
        {
            throw Unreachable(e);
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string path) => new(method, scope.MetadataAddress.BaseUri + path);

    private static AcmException Unreachable(AcmException cause) =>
        CredentialErrors.None($"The ECS metadata service did not answer: {cause.Message}", "This source works on an ECS instance only.", cause);
}
