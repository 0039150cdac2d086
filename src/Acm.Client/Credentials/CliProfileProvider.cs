using System.Text.Json;
using Acm.Client.CloudApi;
using Acm.Client.Local;
using Acm.Client.Text;

namespace Acm.Client.Credentials;

/// <summary>Reads a profile of the Alibaba Cloud CLI from <c>~/.aliyun/config.json</c>, anew each time, because the CLI may change the file.</summary>
internal sealed class CliProfileProvider(CredentialScope scope, string? profileName) : ICredentialProvider
{
    private const string ProfileVariable = "ALIBABA_CLOUD_PROFILE";

    public string Name => "CliProfile";

    public Task<AcmCredential> FetchAsync(CancellationToken cancellationToken)
    {
        string path = scope.InHome(".aliyun", "config.json");
        ICredentialProvider provider;
        using (JsonDocument file = Open(path))
        {
            JsonElement root = file.RootElement;
            string name = profileName ?? scope.Variable(ProfileVariable) ?? RpcAnswer.Text(root, "current") ?? throw CredentialErrors.None($"'{path}' does not name a current profile.", "Name the profile.");
            provider = Resolve(root, name, path, []);
        }

        return provider.FetchAsync(cancellationToken);
    }

    private static JsonDocument Open(string path)
    {
        byte[]? bytes;
        try
        {
            bytes = LocalFile.Read(path);
        }
        catch (Exception e) when (LocalFile.IsRefusal(e))
        {
            throw CredentialErrors.None($"'{path}' can't be read: {e.Message}", cause: e);
        }

        if (bytes is null) throw CredentialErrors.None($"The file '{path}' was not found.", "Run 'aliyun configure'.");

        try
        {
            // Windows editors may add a byte order mark, which is not valid JSON.
            JsonDocument document = JsonDocument.Parse(StrictUtf8.WithoutByteOrderMark(bytes));
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
        }
        catch (JsonException)
        {
            // The inner exception is dropped: its message may quote part of the file.
        }

        throw CredentialErrors.None($"'{path}' is not the JSON that the Alibaba Cloud CLI writes.");
    }

    private ICredentialProvider Resolve(JsonElement root, string name, string path, List<string> way)
    {
        if (way.Contains(name)) throw CredentialErrors.None($"The profiles of '{path}' refer to each other in a cycle: {string.Join(" → ", way)} → {name}.");
        way.Add(name);

        JsonElement profile = Find(root, name) ?? throw CredentialErrors.None($"'{path}' has no profile '{name}'.", "Run 'aliyun configure list' to see the existing profiles.");
        string where = $"Profile '{name}' of '{path}'";
        string mode = Text(profile, "mode") ?? "AK";
        return mode switch
        {
            "AK" => Keys(profile, where, token: null),
            "StsToken" => Keys(profile, where, Text(profile, "sts_token") ?? throw Lacks(where, "sts_token")),
            "RamRoleArn" => new AssumeRoleProvider(scope, Keys(profile, where, Text(profile, "sts_token")), Role(profile, where)),
            "EcsRamRole" => new RamRoleProvider(scope, Text(profile, "ram_role_name")),
            "OIDC" => new OidcProvider(
                scope,
                new OidcToken(scope, Text(profile, "oidc_token_file") ?? throw Lacks(where, "oidc_token_file")),
                Text(profile, "oidc_provider_arn") ?? throw Lacks(where, "oidc_provider_arn"),
                Role(profile, where)),
            "ChainableRamRoleArn" => new AssumeRoleProvider(
                scope,
                Resolve(root, Text(profile, "source_profile") ?? throw Lacks(where, "source_profile"), path, way),
                Role(profile, where)),
            "CloudSSO" or "OAuth" => throw CredentialErrors.None($"{where} signs in through a browser ({mode}), which only the CLI can do.", "Assume a role with RamRoleArn, or pass the temporary keys of the CLI to this command."),
            "External" => throw CredentialErrors.None($"{where} gets its credentials from a program (External), which this command does not run.", "Run the program and pass its keys to this command, or set the environment variables."),
            _ => throw CredentialErrors.None($"{where} has the mode '{mode}', which is not supported.", "Supported modes: AK, StsToken, RamRoleArn, EcsRamRole, OIDC and ChainableRamRoleArn."),
        };
    }

    private static JsonElement? Find(JsonElement root, string name)
    {
        if (!JsonText.TryGet(root, "profiles", out JsonElement profiles) || profiles.ValueKind != JsonValueKind.Array) return null;

        foreach (JsonElement profile in profiles.EnumerateArray())
        {
            if (RpcAnswer.Text(profile, "name") == name) return profile;
        }

        return null;
    }

    private static StaticCredentialSource Keys(JsonElement profile, string where, string? token) =>
        new(CredentialErrors.Make(Text(profile, "access_key_id"), Text(profile, "access_key_secret"), token, expires: null, where));

    private static RoleRequest Role(JsonElement profile, string where)
    {
        var role = new RoleRequest
        {
            RoleArn = Text(profile, "ram_role_arn") ?? throw Lacks(where, "ram_role_arn"),
            SessionName = Text(profile, "ram_session_name"),
            Policy = Text(profile, "policy"),
            ExternalId = Text(profile, "external_id"),
            StsRegion = Text(profile, "sts_region"),
            Vpc = JsonText.TryGet(profile, "enable_vpc", out JsonElement vpc) && vpc.ValueKind == JsonValueKind.True,
        };
        return JsonText.TryGet(profile, "expired_seconds", out JsonElement seconds) && seconds.ValueKind == JsonValueKind.Number && seconds.TryGetInt32(out int duration) && duration > 0
            ? role with { DurationSeconds = duration }
            : role;
    }

    /// <summary>Returns a text that is not empty: the CLI writes empty texts for missing values.</summary>
    private static string? Text(JsonElement profile, string name) => RpcAnswer.Text(profile, name) is { Length: > 0 } text ? text : null;

    private static AcmException Lacks(string where, string field) => CredentialErrors.None($"{where} lacks {field}.", "Run 'aliyun configure' for it.");
}
