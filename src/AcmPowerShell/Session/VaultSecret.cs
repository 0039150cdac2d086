using System.Collections;
using System.Management.Automation;
using System.Net;
using System.Security;
using System.Text.Json;

namespace AcmPowerShell;

/// <summary>Reads keys from SecretManagement. Its module is used when a connection is made, on the pipeline thread.</summary>
internal static class VaultSecret
{
    private const string Command = @"Microsoft.PowerShell.SecretManagement\Get-Secret";
    private const string Id = "AccessKeyId";
    private const string Secret = "AccessKeySecret";
    private const string Token = "SecurityToken";
    private const string Form = "A PSCredential (user and password; for ACM access key ID and secret key) is expected, or a hashtable or JSON with " + Id + ", " + Secret + " and, for temporary ones, " + Token + ".";

    /// <summary>Replaces the name of a secret in the settings by its keys.</summary>
    /// <exception cref="InvalidSettingException">The module, vault or secret was not found, or the secret contains no keys.</exception>
    internal static void Apply(CredentialSettings settings, CommandInvocationIntrinsics commands)
    {
        if (settings.SecretName is not { } name || settings.NoAuth) return;

        string what = settings.SecretVault is { } vault ? $"The secret '{name}' of vault '{vault}'" : $"The secret '{name}'";
        object value = Get(commands, name, settings.SecretVault, what);
        settings.SecretName = settings.SecretVault = null;
        if (value is PSCredential credential)
        {
            settings.Credential = credential;
            return;
        }

        IDictionary parts = value as IDictionary ?? Parse(value, name, what);
        settings.AccessKey = Plain(Part(parts, Id) ?? throw Unusable(what, name, "lacks " + Id));
        settings.SecretKey = Secured(Part(parts, Secret) ?? throw Unusable(what, name, "lacks " + Secret));
        if (Part(parts, Token) is { } token) settings.SecurityToken = Secured(token);
    }

    private static object Get(CommandInvocationIntrinsics commands, string name, string? vault, string what)
    {
        CommandInfo? command = commands.GetCommand(Command, CommandTypes.Cmdlet | CommandTypes.Function);
        if (command is null)
            throw new InvalidSettingException("-SecretName needs the module Microsoft.PowerShell.SecretManagement, which is not installed.", nameof(CredentialSettings.SecretName), name);

        try
        {
            ScriptBlock script = ScriptBlock.Create("param($command, $name, $vault) if ($vault) { & $command -Name $name -Vault $vault -ErrorAction Stop } else { & $command -Name $name -ErrorAction Stop }");
            object? value = commands.InvokeScript(useLocalScope: true, script, input: null, command, name, vault).Select(item => item?.BaseObject).FirstOrDefault(item => item is not null);
            return value ?? throw Unusable(what, name, "was not found");
        }
        catch (RuntimeException e)
        {
            throw new InvalidSettingException($"{what} could not be read: {e.Message}", nameof(CredentialSettings.SecretName), name, e);
        }
    }

    private static Hashtable Parse(object value, string name, string what)
    {
        string text = value switch
        {
            SecureString secure => new NetworkCredential("", secure).Password,
            string plain => plain,
            _ => throw Unusable(what, name, "holds neither keys nor text"),
        };
        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind != JsonValueKind.Object) throw Unusable(what, name, "is JSON, but not an object");

            var parts = new Hashtable(StringComparer.OrdinalIgnoreCase);
            foreach (JsonProperty member in json.RootElement.EnumerateObject())
            {
                if (member.Value.ValueKind == JsonValueKind.String) parts[member.Name] = member.Value.GetString();
            }

            return parts;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Without the inner exception, because a parser's message can quote the secret.
            throw Unusable(what, name, "is not valid JSON");
        }
    }

    private static object? Part(IDictionary parts, string name)
    {
        foreach (DictionaryEntry part in parts)
        {
            if (string.Equals(part.Key as string, name, StringComparison.OrdinalIgnoreCase)) return (part.Value as PSObject)?.BaseObject ?? part.Value;
        }

        return null;
    }

    private static string Plain(object part) => part is SecureString secure ? new NetworkCredential("", secure).Password : part.ToString() ?? "";

    private static SecureString Secured(object part) => part as SecureString ?? new NetworkCredential("", part.ToString()).SecurePassword;

    private static InvalidSettingException Unusable(string what, string name, string problem) => new($"{what} {problem}. {Form}", nameof(CredentialSettings.SecretName), name);
}
