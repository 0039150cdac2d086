using System.Security.Authentication;

namespace Acm.Client.Http;

/// <summary>
/// Carries the reason out of the framework's certificate callback: it becomes an inner exception of the failed request, whereas returning false would lose the reason.
/// </summary>
internal sealed class UntrustedCertificateException(string problem) : AuthenticationException(problem);
