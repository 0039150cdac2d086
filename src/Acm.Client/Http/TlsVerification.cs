using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Acm.Client.Http;

/// <summary>
/// Verifies server certificates: the chain must end in a trusted root, the certificate must be within its validity period, and it must be issued
/// to the host that the client connects to, or to one additional name. Thread-safe.
/// </summary>
internal sealed class TlsVerification
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string NotVerified = "its issuers could not be verified";

    private readonly X509Certificate2Collection? _roots;
    private readonly string? _serverName;
    private readonly bool _skip;
    private readonly bool _systemToo;

    /// <param name="roots">Certificates that are trusted instead of the system's roots; null for the system's.</param>
    /// <param name="serverName">An additional host name or IP address that certificates may be issued to; null for none.</param>
    /// <param name="skip">Whether every certificate is accepted.</param>
    /// <param name="systemToo">Whether the system's roots are trusted in addition to <paramref name="roots"/>.</param>
    /// <exception cref="ArgumentException">The additional name is not a valid host name or IP address.</exception>
    public TlsVerification(X509Certificate2Collection? roots, string? serverName, bool skip, bool systemToo = false)
    {
        if (serverName is not null && Uri.CheckHostName(serverName) == UriHostNameType.Unknown)
        {
            throw new ArgumentException($"The TLS server name '{serverName}' is not a valid host name or IP address.", nameof(serverName));
        }

        _roots = roots;
        _serverName = serverName;
        _skip = skip;
        _systemToo = systemToo;
    }

    /// <summary>Creates the verification that the options specify. Address servers mostly list IP addresses, so certificates may also be issued to the endpoint's name.</summary>
    /// <exception cref="ArgumentException">The CA file cannot be read, or the TLS server name is not valid.</exception>
    public static TlsVerification From(AcmClientOptions options, EndpointAddress endpoint) => new(
        options.CaCertificatePath is { } path ? CertificateFile.Load(path) : null,
        options.TlsServerName ?? endpoint.AddressServer?.Host,
        options.SkipCertificateCheck);

    /// <summary>Verifies a certificate in a callback of the framework.</summary>
    /// <exception cref="UntrustedCertificateException">The certificate is not trusted; the message says why.</exception>
    public bool Check(string host, X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        Validate(host, certificate, chain, errors, out string? problem) ? true : throw new UntrustedCertificateException(problem!);

    /// <summary>Verifies a certificate.</summary>
    /// <param name="host">The host name or address that the client connects to.</param>
    /// <param name="certificate">The server's certificate.</param>
    /// <param name="chain">The chain that the framework built, with the certificates that the server sent.</param>
    /// <param name="errors">The framework's result. Its name check is ignored, because it knows one name only.</param>
    /// <param name="problem">All problems, as text after a colon; null if there are none.</param>
    public bool Validate(string host, X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors, out string? problem)
    {
        problem = null;
        if (_skip) return true;

        if (certificate is null || (errors & SslPolicyErrors.RemoteCertificateNotAvailable) != 0)
        {
            problem = "the server shows none";
            return false;
        }

        string?[] problems = [NameProblem(host.Trim('[', ']'), certificate), ChainProblem(certificate, chain, errors)];
        problem = string.Join("; ", problems.Where(one => one is not null));
        if (problem.Length > 0) return false;

        problem = null;
        return true;
    }

    private static bool IsMadeOutTo(X509Certificate2 certificate, string name)
    {
        if (Uri.CheckHostName(name) == UriHostNameType.Unknown) return false;

#if NET
        try
        {
            return certificate.MatchesHostname(name, allowWildcards: true, allowCommonName: false);
        }
        catch (CryptographicException)
        {
            // Malformed names match nothing; the error then lists none.
            return false;
        }
#else
        return CertificateNames.Of(certificate).Match(name);
#endif
    }

    private string? ChainProblem(X509Certificate2 certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        string? problem = _roots is null || _systemToo ? SystemChainProblem(chain, errors) : NotVerified;
        return problem is null || _roots is null ? problem : OwnRootsProblem(certificate, chain, _roots);
    }

    private static string? SystemChainProblem(X509Chain? chain, SslPolicyErrors errors)
    {
        if ((errors & SslPolicyErrors.RemoteCertificateChainErrors) == 0) return null;

        return (chain is null ? null : ChainProblem(chain, X509ChainStatusFlags.NoError, "is not known to this system")) ?? NotVerified;
    }

    /// <summary>
    /// Builds a chain with the given roots. The framework finds issuers by name: if several roots have the same name, as during a key rotation, it may pick the wrong one, so each is tried separately.
    /// </summary>
    private static string? OwnRootsProblem(X509Certificate2 certificate, X509Chain? sent, X509Certificate2Collection roots)
    {
        string? problem = OwnChainProblem(certificate, sent, roots);
        if (problem is null) return null;

        X509Certificate2[] all = [.. roots.Cast<X509Certificate2>()];
        foreach (X509Certificate2 one in all)
        {
            X509Certificate2[] chosen = [.. all.Where(root => ReferenceEquals(root, one) || root.Subject != one.Subject)];
            if (chosen.Length < all.Length && OwnChainProblem(certificate, sent, new X509Certificate2Collection(chosen)) is null) return null;
        }

        return problem;
    }

    private static string? OwnChainProblem(X509Certificate2 certificate, X509Chain? sent, X509Certificate2Collection roots)
    {
        using var chain = new X509Chain();
        X509ChainPolicy policy = chain.ChainPolicy;
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        policy.ExtraStore.AddRange(roots);
        if (sent is not null)
        {
            policy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
            foreach (X509ChainElement element in sent.ChainElements) policy.ExtraStore.Add(element.Certificate);
        }

        const string NotInFile = "is not in the CA certificate file";
#if NET
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(roots);
        return chain.Build(certificate) ? null : ChainProblem(chain, X509ChainStatusFlags.NoError, NotInFile) ?? NotVerified;
#else
        // This framework trusts only the system's roots: the chain may end in any root, and is then compared with ours.
        policy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        chain.Build(certificate);
        if (ChainProblem(chain, X509ChainStatusFlags.UntrustedRoot, NotInFile) is { } problem) return problem;

        if (chain.ChainElements.Count == 0) return NotVerified;

        X509Certificate2 last = chain.ChainElements[chain.ChainElements.Count - 1].Certificate;
        foreach (X509Certificate2 root in roots)
        {
            if (root.RawData.AsSpan().SequenceEqual(last.RawData)) return null;
        }

        return UnknownIssuer(last, NotInFile);
#endif
    }

    /// <summary>Returns the first unexpected problem of a chain, starting at the server's certificate; null if there is none.</summary>
    private static string? ChainProblem(X509Chain chain, X509ChainStatusFlags expected, string unknown)
    {
        for (int i = 0; i < chain.ChainElements.Count; i++)
        {
            X509ChainElement element = chain.ChainElements[i];
            foreach (X509ChainStatus status in element.ChainElementStatus)
            {
                if ((status.Status & ~expected) == X509ChainStatusFlags.NoError) continue;

                return status.Status switch
                {
                    X509ChainStatusFlags.NotTimeValid => TimeProblem(element.Certificate, chain.ChainPolicy.VerificationTime, isLeaf: i == 0),
                    X509ChainStatusFlags.UntrustedRoot or X509ChainStatusFlags.PartialChain => UnknownIssuer(element.Certificate, unknown),
                    _ => Text(status),
                };
            }
        }

        foreach (X509ChainStatus status in chain.ChainStatus)
        {
            if ((status.Status & ~expected) != X509ChainStatusFlags.NoError) return Text(status);
        }

        return null;
    }

    private static string UnknownIssuer(X509Certificate2 last, string unknown) => last.Subject == last.Issuer
        ? $"it was signed by '{last.Issuer}', which {unknown}"
        : $"its issuer '{last.Issuer}' {unknown}";

    private static string TimeProblem(X509Certificate2 certificate, DateTime now, bool isLeaf)
    {
        string which = isLeaf ? "it" : $"the certificate of its issuer '{certificate.Subject}'";
        return certificate.NotBefore > now ? $"{which} is not valid before {Utc(certificate.NotBefore)}" : $"{which} expired on {Utc(certificate.NotAfter)}";
    }

    private static string Utc(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static string Text(X509ChainStatus status)
    {
        string text = status.StatusInformation?.Trim().TrimEnd('.') ?? "";
        return text.Length > 0 ? text : status.Status.ToString();
    }

    private string? NameProblem(string host, X509Certificate2 certificate)
    {
        if (IsMadeOutTo(certificate, host) || (_serverName is not null && IsMadeOutTo(certificate, _serverName))) return null;

        string wanted = _serverName is null || string.Equals(_serverName, host, StringComparison.OrdinalIgnoreCase) ? $"'{host}'" : $"'{host}' or '{_serverName}'";
        return $"it was issued to {CertificateNames.Of(certificate)}, not to {wanted}";
    }
}
