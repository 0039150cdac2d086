using System.Management.Automation;
using System.Net;
using System.Security;
using Acm.Client;
using Acm.Client.Credentials;

namespace AcmPowerShell;

/// <summary>
/// All that a connection is made from, named as Connect-Acm's parameters are, with their defaults. Paths are full ones. Checked when it is
/// opened.
/// </summary>
internal sealed class ConnectionSettings
{
    /// <summary>How long a call of Nacos may take unless something else is said: a publish there is up to five requests after a login.</summary>
    private const int NacosTotalSeconds = 30;

    /// <summary>Name of the profile that they are of; null for none.</summary>
    internal string? Profile { get; set; }

    /// <summary>Address server; with <see cref="AcmClientOptions.Direct"/> the servers.</summary>
    internal string[] Endpoint { get; set; } = [];

    /// <summary>What the engine has as options of its own: its defaults, and what was given. Endpoint, credentials, KMS, proxy and default folders come when it is opened.</summary>
    internal AcmClientOptions Options { get; set; } = new() { Endpoint = "" };

    /// <summary>What signs the requests.</summary>
    internal CredentialSettings Credentials { get; } = new();

    /// <summary>What encrypts and decrypts.</summary>
    internal KmsSettings Kms { get; } = new();

    /// <summary>What requests go through.</summary>
    internal ProxySettings Proxy { get; } = new();

    /// <summary>Null for no trace.</summary>
    internal string? TracePath { get; set; }

    /// <summary>Name of the header by which Nacos servers trust each other; null for none.</summary>
    internal string? IdentityKey { get; set; }

    /// <summary>Its value.</summary>
    internal SecureString? IdentityValue { get; set; }

    /// <summary>Drops what can't stand beside credentials that are given anew, as beside a profile: other credentials, and the identity, which would be sent in their place.</summary>
    /// <inheritdoc cref="CredentialSettings.MakeRoom"/>
    internal void MakeRoom(CredentialSource? source, bool keys, bool secret, bool ramRole)
    {
        if (source is not null || keys || secret || ramRole) (IdentityKey, IdentityValue) = (null, null);
        Credentials.MakeRoom(source, keys, secret, ramRole);
    }

    /// <summary>Connects to servers themselves. What they are is found out, unless it is said.</summary>
    /// <param name="servers">The servers.</param>
    /// <param name="isTypeGiven">Whether it is said.</param>
    internal void UseServers(string[] servers, bool isTypeGiven = false)
    {
        Endpoint = servers;
        Options = Options with { Direct = true, ServerType = isTypeGiven ? Options.ServerType : AcmServerType.Auto };
    }

    /// <summary>Connects to an endpoint, which is ACM's unless it is said to be Nacos'.</summary>
    internal void UseEndpoint(string[] endpoint)
    {
        Endpoint = endpoint;
        if (Options.ServerType == AcmServerType.Auto) Options = Options with { ServerType = AcmServerType.Acm };
    }

    /// <summary>Checks what can be checked without asking anyone: not even the vault of SecretManagement.</summary>
    /// <exception cref="InvalidSettingException">A setting can't be used.</exception>
    internal void Check()
    {
        Credentials.Check();
        try
        {
            // For keys that only the vault knows, any source stands in: it is not asked.
            using AcmCredentialSource? credentials = Credentials.SecretName is null ? Credentials.ToSource(Options.CaCertificatePath, Proxy.ToOptions(), log: null) : CredentialSources.Environment();
            new AcmClient(ToOptions() with { CredentialSource = credentials }).Dispose();
        }
        catch (Exception e) when (e is ArgumentException or AcmException { Kind: not AcmErrorKind.CapabilityMissing })
        {
            throw InParameters(e);
        }
    }

    /// <summary>Makes the session; sends nothing. Keys that SecretManagement keeps are asked for.</summary>
    /// <exception cref="InvalidSettingException">A setting can't be used.</exception>
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

    /// <summary>Makes the session for a command, which ends where a setting can't be used, and warns of what is not safe.</summary>
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
            cmdlet.WriteWarning("TLS certificates are not validated: anyone on the network path can read and alter traffic. Use -CaCertificatePath to trust a CA of your own.");
        return session;
    }

    private AcmClientOptions ToOptions()
    {
        if (!Options.Direct && (Endpoint.Length > 1 || Endpoint[0].IndexOf(',') >= 0))
            throw new InvalidSettingException("-Direct takes several servers. Without it the endpoint is one address server.", nameof(Endpoint), Endpoint);
        if (Options.CaCertificatePath is { } file && !File.Exists(file))
            throw new InvalidSettingException($"The file '{file}' was not found.", nameof(Options.CaCertificatePath), file);

        // An address server is not asked what its servers are.
        AcmServerType type = Options is { ServerType: AcmServerType.Auto, Direct: false } ? AcmServerType.Acm : Options.ServerType;
        string endpoint = string.Join(",", Endpoint);

        // What ACM and Nacos have under one name is not the same.
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

    // The engine speaks of its options; here they are parameters.
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
