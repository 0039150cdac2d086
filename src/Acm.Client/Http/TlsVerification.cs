using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Acm.Client.Http;

/// <summary>
/// Whether a server's certificate is to be trusted: it leads to a certificate authority of the system or of a given file, is valid now, and is made
/// out to the host name or IP address that the server is reached by, or to one further name. Thread-safe.
/// </summary>
internal sealed class TlsVerification
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string NotVerified = "its issuers could not be verified";

    private readonly X509Certificate2Collection? _roots;
    private readonly string? _serverName;
    private readonly bool _skip;
    private readonly bool _systemToo;

    /// <param name="roots">Certificates that are trusted instead of the system's authorities; null for the system's.</param>
    /// <param name="serverName">A further name, or IP address, that certificates may be made out to; null for none.</param>
    /// <param name="skip">Trust everything.</param>
    /// <param name="systemToo">Trust the system's authorities beside <paramref name="roots"/>.</param>
    /// <exception cref="ArgumentException">The further name is no host name or IP address.</exception>
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

    /// <summary>What the options ask for. The list of an address server is mostly IP addresses, so that its servers may also show the endpoint's name.</summary>
    /// <exception cref="ArgumentException">The CA file can't be read, or the TLS server name is none.</exception>
    public static TlsVerification From(AcmClientOptions options, EndpointAddress endpoint) => new(
        options.CaCertificatePath is { } path ? CertificateFile.Load(path) : null,
        options.TlsServerName ?? endpoint.AddressServer?.Host,
        options.SkipCertificateCheck);

    /// <summary>The check as the framework's callbacks want it.</summary>
    /// <exception cref="UntrustedCertificateException">The certificate is not to be trusted; the message says why.</exception>
    public bool Check(string host, X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        Validate(host, certificate, chain, errors, out string? problem) ? true : throw new UntrustedCertificateException(problem!);

    /// <summary>Checks a certificate.</summary>
    /// <param name="host">The name or address that the server is reached by.</param>
    /// <param name="certificate">What the server shows.</param>
    /// <param name="chain">The chain that the framework built of it, with the certificates that came along.</param>
    /// <param name="errors">What the framework found. Its finding on the name is not used: it knows one name only.</param>
    /// <param name="problem">Everything that is wrong, to follow a colon; null if nothing is.</param>
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
            // Names that are garbled are no names; the problem then lists none.
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
    /// A chain is looked for by names. Where several authorities have one name, as before and after a change of keys, the first may be the wrong one: each is tried for itself.
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
        // This contract knows the system's roots only: the chain may end in any, as long as it is one of ours.
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

    /// <summary>The first thing wrong with a chain, from the server's certificate upwards; null if there is nothing, or only what is expected.</summary>
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
