using System.Text;
using System.Text.Json;
using Acm.Client.CloudApi;
using Acm.Client.Http;
using Acm.Client.Local;

namespace Acm.Client.Credentials;

/// <summary>Reads an OIDC token from a file (which Kubernetes replaces regularly), a variable, or GitHub Actions.</summary>
internal sealed class OidcToken(CredentialScope scope, string? file)
{
    public const string FileVariable = "ALIBABA_CLOUD_OIDC_TOKEN_FILE";

    private const string TokenVariable = "ALIBABA_CLOUD_OIDC_TOKEN";
    private const string RequestUrl = "ACTIONS_ID_TOKEN_REQUEST_URL";
    private const string RequestToken = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";
    private const string DefaultAudience = "sts.aliyuncs.com";
    private const int Shortest = 4;
    private const int Longest = 20_000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public async Task<string> ReadAsync(CancellationToken cancellationToken)
    {
        if ((file ?? scope.Variable(FileVariable)) is { } path) return Check(ReadFile(path), $"The OIDC token file '{path}'");
        if (scope.Variable(TokenVariable) is { } token) return Check(token, TokenVariable);
        if (scope.Variable(RequestUrl) is { } url) return Check(await AskGitHubAsync(url, cancellationToken).ConfigureAwait(false), "The answer of GitHub Actions");

        throw CredentialErrors.None(
            $"No OIDC token was found: no file is specified, and none of {FileVariable}, {TokenVariable} or {RequestUrl} set.",
            "In GitHub Actions a job needs 'permissions: id-token: write' to get one.");
    }

    private static string ReadFile(string path)
    {
        byte[]? bytes;
        try
        {
            bytes = LocalFile.Read(path);
        }
        catch (Exception e) when (LocalFile.IsRefusal(e))
        {
            throw CredentialErrors.None($"The OIDC token file '{path}' can't be read: {e.Message}", cause: e);
        }

        return bytes is null ? throw CredentialErrors.None($"The OIDC token file '{path}' was not found.") : Encoding.UTF8.GetString(bytes);
    }

    private async Task<string> AskGitHubAsync(string url, CancellationToken cancellationToken)
    {
        if (scope.Variable(RequestToken) is not { } bearer) throw CredentialErrors.None($"{RequestUrl} is set, but {RequestToken} is not.");
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || (uri.Scheme != "https" && !(uri.Scheme == "http" && uri.IsLoopback)))
        {
            throw CredentialErrors.None($"{RequestUrl} is not a valid HTTPS address.");
        }

        string audience = Uri.EscapeDataString(scope.Options.OidcAudience ?? DefaultAudience);
        using var message = new HttpRequestMessage(HttpMethod.Get, $"{url}{(uri.Query.Length > 0 ? "&" : "?")}audience={audience}");
        message.Headers.TryAddWithoutValidation("Authorization", "bearer " + bearer);
        message.Headers.TryAddWithoutValidation("Accept", "application/json");
        WireResponse response = await scope.WebAsync(message, Limit, cancellationToken).ConfigureAwait(false);
        if (response.Status != 200) throw CredentialErrors.None($"GitHub Actions at {response.Server} answered {response.Status} when asked for an OIDC token.", "A job needs 'permissions: id-token: write' to get one.");

        try
        {
            using JsonDocument document = JsonDocument.Parse(response.Body);
            return RpcAnswer.Text(document.RootElement, "value") ?? "";
        }
        catch (JsonException)
        {
            // The inner exception is dropped: its message may quote part of the response.
            throw CredentialErrors.None($"GitHub Actions at {response.Server} answered with something that is not JSON when asked for an OIDC token.");
        }
    }

    private static string Check(string text, string where)
    {
        string token = text.Trim();
        return token.Length is >= Shortest and <= Longest && token.All(c => c is > ' ' and <= '~')
            ? token
            : throw CredentialErrors.None($"{where} does not hold a valid OIDC token: {Shortest} to {Longest} printable characters are expected.");
    }
}
