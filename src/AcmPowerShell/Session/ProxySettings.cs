using System.Management.Automation;
using System.Net;
using System.Security;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>The proxy settings of a connection, named as the parameters of Connect-Acm.</summary>
internal sealed class ProxySettings
{
    /// <summary>Gets or sets the address, as a URI without a user. Null for the proxy of the environment.</summary>
    internal string? Proxy { get; set; }

    /// <summary>Gets or sets the user name, or null.</summary>
    internal string? UserName { get; set; }

    /// <summary>Gets or sets the password.</summary>
    internal SecureString? Password { get; set; }

    /// <summary>Gets or sets whether to use no proxy. Overrides the other settings.</summary>
    internal bool NoProxy { get; set; }

    /// <summary>Sets the address. User information in it becomes the credential, so that a profile does not store it as plain text.</summary>
    internal void Use(Uri proxy)
    {
        // Without a scheme, Uri would parse the host as one.
        string text = proxy.OriginalString.IndexOf("://", StringComparison.Ordinal) < 0 ? "http://" + proxy.OriginalString : proxy.OriginalString;
        NoProxy = false;
        (Proxy, UserName, Password) = (text, null, null);
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? address) || address.UserInfo.Length == 0) return;

        string[] parts = address.UserInfo.Split([':'], 2);
        Proxy = address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
        UserName = Uri.UnescapeDataString(parts[0]);
        Password = new NetworkCredential("", parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "").SecurePassword;
    }

    /// <summary>Sets the credential.</summary>
    internal void Use(PSCredential credential)
    {
        NoProxy = false;
        (UserName, Password) = (credential.UserName, credential.Password);
    }

    /// <summary>Disables proxies.</summary>
    internal void Disable() => (Proxy, UserName, Password, NoProxy) = (null, null, null, true);

    /// <summary>Returns the options for the engine, or null if nothing is specified.</summary>
    /// <exception cref="InvalidSettingException">The address is not a valid URI.</exception>
    internal AcmProxyOptions? ToOptions()
    {
        if (NoProxy) return new AcmProxyOptions { IsDisabled = true };
        if (Proxy is null && UserName is null) return null;

        Uri? address = null;
        if (Proxy is not null && !Uri.TryCreate(Proxy, UriKind.Absolute, out address))
            throw new InvalidSettingException($"The proxy '{Proxy}' is not a valid address; expected http://host:port.", nameof(Proxy), Proxy);

        return new AcmProxyOptions { Address = address, Credential = UserName is null ? null : new NetworkCredential(UserName, Password) };
    }
}
