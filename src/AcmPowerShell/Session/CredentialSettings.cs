using System.Management.Automation;
using System.Net;
using System.Security;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>What a connection signs with, in the words of Connect-Acm's parameters.</summary>
internal sealed class CredentialSettings
{
    /// <summary>Access key id.</summary>
    internal string? AccessKey { get; set; }

    /// <summary>Secret key.</summary>
    internal SecureString? SecretKey { get; set; }

    /// <summary>Access key id and secret key as user name and password; goes before the two.</summary>
    internal PSCredential? Credential { get; set; }

    /// <summary>STS token of temporary credentials.</summary>
    internal SecureString? SecurityToken { get; set; }

    /// <summary>Sign no request, although there are credentials.</summary>
    internal bool NoAuth { get; set; }

    /// <summary>The keys; null where requests are not to be signed.</summary>
    /// <exception cref="InvalidSettingException">A part is missing or can't be used.</exception>
    internal AcmCredential? ToCredential()
    {
        if (NoAuth) return null;

        if (Credential is not null) return MakeCredential(Credential.UserName, Credential.Password);

        bool hasSecret = SecretKey is { Length: > 0 };
        if (string.IsNullOrEmpty(AccessKey) && !hasSecret)
        {
            return SecurityToken is null ? null
                : throw new InvalidSettingException("-SecurityToken needs -AccessKey and -SecretKey with it.", nameof(SecurityToken));
        }

        if (string.IsNullOrEmpty(AccessKey)) throw new InvalidSettingException("-SecretKey needs -AccessKey with it.", nameof(AccessKey));
        if (!hasSecret) throw new InvalidSettingException("-AccessKey needs -SecretKey with it.", nameof(SecretKey));

        return MakeCredential(AccessKey!, SecretKey!);
    }

    private AcmCredential MakeCredential(string accessKey, SecureString secretKey)
    {
        if (accessKey.Length == 0 || secretKey.Length == 0) throw new InvalidSettingException("The access key id and the secret key can't be empty.", nameof(Credential));

        try
        {
            return new AcmCredential(accessKey, Plain(secretKey), SecurityToken is null ? null : Plain(SecurityToken));
        }
        catch (ArgumentException e)
        {
            string parameter = e.ParamName == "securityToken" ? nameof(SecurityToken) : Credential is null ? nameof(AccessKey) : nameof(Credential);
            throw new InvalidSettingException(AcmErrors.WithoutParameter(e), parameter, inner: e);
        }
    }

    private static string Plain(SecureString secret) => new NetworkCredential("", secret).Password;
}
