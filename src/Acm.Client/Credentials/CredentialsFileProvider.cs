using System.Text;
using Acm.Client.Local;

namespace Acm.Client.Credentials;

/// <summary>Reads a section of the credentials file of Alibaba Cloud's SDKs, anew each time.</summary>
internal sealed class CredentialsFileProvider(CredentialScope scope) : ICredentialProvider
{
    private const string FileVariable = "ALIBABA_CLOUD_CREDENTIALS_FILE";
    private const string Folder = ".alibabacloud";
    private const string ProfileVariable = "ALIBABA_CLOUD_PROFILE";

    public string Name => "CredentialsFile";

    public Task<AcmCredential> FetchAsync(CancellationToken cancellationToken)
    {
        // Newer SDKs use the extension; older documentation and Node.js do not.
        string[] paths = scope.Variable(FileVariable) is { } given ? [given] : [scope.InHome(Folder, "credentials.ini"), scope.InHome(Folder, "credentials")];
        foreach (string path in paths)
        {
            if (Read(path) is { } text) return Resolve(IniSections.Parse(text), path).FetchAsync(cancellationToken);
        }

        throw CredentialErrors.None($"None of these files was found: '{string.Join("' or '", paths)}'.");
    }

    private static string? Read(string path)
    {
        try
        {
            return LocalFile.Read(path) is { } bytes ? Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF') : null;
        }
        catch (Exception e) when (LocalFile.IsRefusal(e))
        {
            throw CredentialErrors.None($"'{path}' can't be read: {e.Message}", cause: e);
        }
    }

    private ICredentialProvider Resolve(Dictionary<string, Dictionary<string, string>> sections, string path)
    {
        string name = scope.Variable(ProfileVariable) ?? "default";
        if (!sections.TryGetValue(name, out Dictionary<string, string>? section)) throw CredentialErrors.None($"'{path}' has no section [{name}].");

        string where = $"Section [{name}] of '{path}'";
        if (string.Equals(Text(section, "enable"), "false", StringComparison.OrdinalIgnoreCase)) throw CredentialErrors.None($"{where} is disabled: enable is false.");

        return Text(section, "type") switch
        {
            "access_key" => Keys(section, where),
            "ecs_ram_role" => new RamRoleProvider(scope, Text(section, "role_name")),
            "ram_role_arn" => new AssumeRoleProvider(scope, Keys(section, where), Role(section, where)),
            "oidc_role_arn" => new OidcProvider(
                scope,
                new OidcToken(scope, Text(section, "oidc_token_file_path") ?? throw Lacks(where, "oidc_token_file_path")),
                Text(section, "oidc_provider_arn") ?? throw Lacks(where, "oidc_provider_arn"),
                Role(section, where)),
            null => throw Lacks(where, "type"),
            "rsa_key_pair" => throw CredentialErrors.None($"{where} has the type rsa_key_pair, which Alibaba Cloud discontinued.", "Use an access key or a role."),
            { } type => throw CredentialErrors.None($"{where} has the type '{type}', which is not supported.", "Supported types: access_key, ecs_ram_role, ram_role_arn and oidc_role_arn."),
        };
    }

    private static StaticCredentialSource Keys(Dictionary<string, string> section, string where) =>
        new(CredentialErrors.Make(Text(section, "access_key_id"), Text(section, "access_key_secret"), token: null, expires: null, where));

    private static RoleRequest Role(Dictionary<string, string> section, string where) => new()
    {
        RoleArn = Text(section, "role_arn") ?? throw Lacks(where, "role_arn"),
        SessionName = Text(section, "role_session_name"),
        Policy = Text(section, "policy"),
    };

    private static string? Text(Dictionary<string, string> section, string key) => section.TryGetValue(key, out string? value) && value.Length > 0 ? value : null;

    private static AcmException Lacks(string where, string field) => CredentialErrors.None($"{where} lacks {field}.");
}
