using System.Security.Authentication;

namespace Acm.Client.Http;

/// <summary>
/// What the certificate check found, thrown out of the framework's callback: it comes back as the inner cause of the failed request, where a mere "no" would
/// lose the reason.
/// </summary>
internal sealed class UntrustedCertificateException(string problem) : AuthenticationException(problem);
