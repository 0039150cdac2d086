#pragma warning disable
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
namespace Acm.Client.Servers {
internal sealed class TlsVerification { public static TlsVerification From(AcmClientOptions o, EndpointAddress e) => new(); public bool Check(string host, X509Certificate2? c, X509Chain? ch, SslPolicyErrors e) => e == SslPolicyErrors.None; }
}
