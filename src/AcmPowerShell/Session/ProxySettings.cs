using System.Management.Automation;
using System.Net;
using System.Security;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>The proxy of a connection, in the words of Connect-Acm's parameters.</summary>
internal sealed class ProxySettings
{
    /// <summary>Address as a URI without a user; null for the proxy of the environment.</summary>
    internal string? Proxy { get; set; }

    /// <summary>User that the proxy asks for; null for none.</summary>
    internal string? UserName { get; set; }

    /// <summary>Password of <see cref="UserName"/>.</summary>
    internal SecureString? Password { get; set; }

    /// <summary>Use no proxy. Goes before the others.</summary>
    internal bool NoProxy { get; set; }

    /// <summary>Takes the address that was given. A user in it is taken as the credential: it must not get into a profile as plain text.</summary>
    internal void Use(Uri proxy)
    {
        // Without a scheme the host would be taken for one.
        string text = proxy.OriginalString.IndexOf("://", StringComparison.Ordinal) < 0 ? "http://" + proxy.OriginalString : proxy.OriginalString;
        NoProxy = false;
        (Proxy, UserName, Password) = (text, null, null);
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? address) || address.UserInfo.Length == 0) return;

        string[] parts = address.UserInfo.Split([':'], 2);
        Proxy = address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
        UserName = Uri.UnescapeDataString(parts[0]);
        Password = new NetworkCredential("", parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "").SecurePassword;
    }

    /// <summary>Takes the credential that was given.</summary>
    internal void Use(PSCredential credential)
    {
        NoProxy = false;
        (UserName, Password) = (credential.UserName, credential.Password);
    }

    /// <summary>Has the connection use no proxy.</summary>
    internal void Disable() => (Proxy, UserName, Password, NoProxy) = (null, null, null, true);

    /// <summary>What the engine is told; null where nothing was said.</summary>
    /// <exception cref="InvalidSettingException">The address is not a URI.</exception>
    internal AcmProxyOptions? ToOptions()
    {
        if (NoProxy) return new AcmProxyOptions { IsDisabled = true };
        if (Proxy is null && UserName is null) return null;

        Uri? address = null;
        if (Proxy is not null && !Uri.TryCreate(Proxy, UriKind.Absolute, out address))
            throw new InvalidSettingException($"The proxy '{Proxy}' is not a valid proxy address; expected http://host:port.", nameof(Proxy), Proxy);

        return new AcmProxyOptions { Address = address, Credential = UserName is null ? null : new NetworkCredential(UserName, Password) };
    }
}
