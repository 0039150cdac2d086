using System.Management.Automation;
using System.Net;
using System.Security;
using Acm.Client;
using Acm.Client.Credentials;

namespace AcmPowerShell;

/// <summary>
/// The settings of a connection. Their names and defaults are those of Connect-Acm's parameters. Paths are full paths. Settings are validated when the connection
/// is opened.
/// </summary>
internal sealed class ConnectionSettings
{
    /// <summary>Default time limit for a call to Nacos. It is larger than for ACM, because a publish takes a login and up to five requests.</summary>
    private const int NacosTotalSeconds = 30;

    /// <summary>Gets or sets the name of the profile, or null.</summary>
    internal string? Profile { get; set; }

    /// <summary>Gets or sets the address server, or the data servers with <see cref="AcmClientOptions.Direct"/>.</summary>
    internal string[] Endpoint { get; set; } = [];

    /// <summary>Gets or sets the options of the engine. Endpoint, credentials, KMS, proxy and default folders are added when the connection is opened.</summary>
    internal AcmClientOptions Options { get; set; } = new() { Endpoint = "" };

    /// <summary>Gets the credentials.</summary>
    internal CredentialSettings Credentials { get; } = new();

    /// <summary>Gets the KMS settings.</summary>
    internal KmsSettings Kms { get; } = new();

    /// <summary>Gets the proxy settings.</summary>
    internal ProxySettings Proxy { get; } = new();

    /// <summary>Gets or sets the trace file, or null.</summary>
    internal string? TracePath { get; set; }

    /// <summary>Gets or sets the name of the header by which Nacos servers identify each other, or null.</summary>
    internal string? IdentityKey { get; set; }

    /// <summary>Gets or sets the value of that header.</summary>
    internal SecureString? IdentityValue { get; set; }

    /// <summary>Removes credentials and the identity if new credentials are specified, so that they do not conflict with those of a profile.</summary>
    /// <inheritdoc cref="CredentialSettings.MakeRoom"/>
    internal void MakeRoom(CredentialSource? source, bool keys, bool secret, bool ramRole)
    {
        if (source is not null || keys || secret || ramRole) (IdentityKey, IdentityValue) = (null, null);
        Credentials.MakeRoom(source, keys, secret, ramRole);
    }

    /// <summary>Connects to data servers directly. Their type is detected unless specified.</summary>
    /// <param name="servers">The servers.</param>
    /// <param name="isTypeGiven">Whether the type of the servers is specified.</param>
    internal void UseServers(string[] servers, bool isTypeGiven = false)
    {
        Endpoint = servers;
        Options = Options with { Direct = true, ServerType = isTypeGiven ? Options.ServerType : AcmServerType.Auto };
    }

    /// <summary>Connects to an endpoint. Its type is ACM unless specified.</summary>
    internal void UseEndpoint(string[] endpoint)
    {
        Endpoint = endpoint;
        if (Options.ServerType == AcmServerType.Auto) Options = Options with { ServerType = AcmServerType.Acm };
    }

    /// <summary>Validates the settings without sending requests or reading a vault.</summary>
    /// <exception cref="InvalidSettingException">A setting is not valid.</exception>
    internal void Check()
    {
        Credentials.Check();
        try
        {
            // If the keys are in a vault, any source will do: it is not used here.
            using AcmCredentialSource? credentials = Credentials.SecretName is null ? Credentials.ToSource(Options.CaCertificatePath, Proxy.ToOptions(), log: null) : CredentialSources.Environment();
            new AcmClient(ToOptions() with { CredentialSource = credentials }).Dispose();
        }
        catch (Exception e) when (e is ArgumentException or AcmException { Kind: not AcmErrorKind.CapabilityMissing })
        {
            throw InParameters(e);
        }
    }

    /// <summary>Creates the session without sending a request. Keys in SecretManagement are read.</summary>
    /// <exception cref="InvalidSettingException">A setting is not valid.</exception>
    internal AcmSession Open(CommandInvocationIntrinsics commands)
    {
        Credentials.Check();
        VaultSecret.Apply(Credentials, commands);
        AcmClientOptions options = ToOptions();
        TraceFile? trace = TracePath is null ? null : OpenTrace(TracePath);
        AcmCredentialSource? credentials = null;
        try
        {
            credentials = Credentials.ToSource(Options.CaCertificatePath, Proxy.ToOptions(), trace);
            return new AcmSession(new AcmClient(options with { Log = trace, CredentialSource = credentials }), trace) { Profile = Profile };
        }
        catch (Exception e) when (e is ArgumentException or AcmException or InvalidSettingException)
        {
            credentials?.Dispose();
            trace?.Dispose();
            if (e is InvalidSettingException or AcmException { Kind: AcmErrorKind.CapabilityMissing }) throw;
            throw InParameters(e);
        }
    }

    /// <summary>Creates the session for a command. An invalid setting is a terminating error, an insecure one a warning.</summary>
    internal AcmSession OpenFor(PSCmdlet cmdlet)
    {
        AcmSession session;
        try
        {
            session = Open(cmdlet.InvokeCommand);
        }
        catch (InvalidSettingException e)
        {
            cmdlet.ThrowTerminatingError(e.ToRecord());
            throw;
        }
        catch (AcmException e)
        {
            cmdlet.ThrowTerminatingError(AcmErrors.Record(e, null));
            throw;
        }

        if (Options.SkipCertificateCheck)
            cmdlet.WriteWarning("TLS certificates are not validated: anyone on the network path can read and alter traffic. Use -CaCertificatePath to trust your own CA.");
        return session;
    }

    private AcmClientOptions ToOptions()
    {
        if (!Options.Direct && (Endpoint.Length > 1 || Endpoint[0].IndexOf(',') >= 0))
            throw new InvalidSettingException("The endpoint must be a single address server. Use -Direct or -Server to specify several servers.", nameof(Endpoint), Endpoint);
        if (Options.CaCertificatePath is { } file && !File.Exists(file))
            throw new InvalidSettingException($"The file '{file}' was not found.", nameof(Options.CaCertificatePath), file);

        // The type of servers behind an address server is not detected.
        AcmServerType type = Options is { ServerType: AcmServerType.Auto, Direct: false } ? AcmServerType.Acm : Options.ServerType;
        string endpoint = string.Join(",", Endpoint);

        // ACM and Nacos on the same endpoint have different content.
        string folder = type == AcmServerType.Acm ? endpoint : LocalFolders.NacosPrefix + endpoint;
        return Options with
        {
            Endpoint = endpoint,
            ServerType = type,
            UsesAccessKeys = Credentials.AreAccessKeys,
            Identity = ToIdentity(type),
            TotalTimeout = Options.TotalTimeout ?? (type == AcmServerType.Acm ? (TimeSpan?)null : TimeSpan.FromSeconds(Math.Max(NacosTotalSeconds, 4 * Options.TryTimeout.TotalSeconds))),
            Kms = Kms.ToOptions(),
            Proxy = Proxy.ToOptions(),
            FailoverPath = Options.FailoverPath ?? LocalFolders.Of(folder, "failover"),
            SnapshotPath = Options.SnapshotPath ?? LocalFolders.Of(folder, "snapshot"),
        };
    }

    private AcmServerIdentity? ToIdentity(AcmServerType type)
    {
        if (IdentityKey is null && IdentityValue is null) return null;
        if (IdentityKey is null) throw new InvalidSettingException("-IdentityValue needs -IdentityKey with it.", nameof(IdentityKey));
        if (IdentityValue is null) throw new InvalidSettingException("-IdentityKey needs -IdentityValue with it.", nameof(IdentityValue));
        if (type == AcmServerType.Acm) throw new InvalidSettingException("-IdentityKey is for Nacos: specify its servers with -Server, or add -ServerType Nacos.", nameof(IdentityKey), IdentityKey);

        try
        {
            return Credentials.NoAuth ? null : new AcmServerIdentity(IdentityKey, new NetworkCredential("", IdentityValue).Password);
        }
        catch (ArgumentException e)
        {
            throw new InvalidSettingException(AcmErrors.WithoutParameter(e), e.ParamName == "value" ? nameof(IdentityValue) : nameof(IdentityKey), inner: e);
        }
    }

    // Maps an error of the engine to the parameter that set the option.
    private InvalidSettingException InParameters(Exception error)
    {
        if (error is AcmException { Kind: AcmErrorKind.InvalidKey })
            return new InvalidSettingException(error.Message, nameof(Options.Namespace), Options.Namespace, error);

        string message = AcmErrors.WithoutParameter(error);
        string parameter = error is ArgumentException { ParamName: "serverName" } ? nameof(Options.TlsServerName)
            : message.StartsWith(nameof(Options.AppName), StringComparison.Ordinal) ? nameof(Options.AppName)
            : message.StartsWith("The CA certificate file", StringComparison.Ordinal) ? nameof(Options.CaCertificatePath)
            : message.StartsWith("The proxy", StringComparison.Ordinal) ? nameof(Proxy)
            : KmsSettings.ParameterOf(message) ?? nameof(Endpoint);
        return new InvalidSettingException(message, parameter, parameter == nameof(Endpoint) ? Endpoint : parameter == nameof(Proxy) ? Proxy.Proxy : null, error);
    }

    private static TraceFile OpenTrace(string path)
    {
        try
        {
            return new TraceFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidSettingException($"The trace file '{path}' cannot be opened: {e.Message}", nameof(TracePath), path, e);
        }
    }
}
