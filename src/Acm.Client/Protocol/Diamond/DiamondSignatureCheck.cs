using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Links;

namespace Acm.Client.Protocol.Diamond;

/// <summary>
/// Whether a server accepts a signature, and why not. Servers give one answer (403) to a wrong access key ID, a wrong secret key and a missing right; what tells them apart is what else is refused.
/// </summary>
/// <param name="namespace">The namespace that is listed and read.</param>
/// <param name="key">A key to read. It need not exist.</param>
internal sealed class DiamondSignatureCheck(string @namespace, ConfigKey key) : ServerOperation<string>(CallKind.List, "page 1 of the list", key: null)
{
    /// <exception cref="AcmException"><see cref="AcmErrorKind.AccessDenied"/> with the cause, as far as the server lets it be told.</exception>
    public override async Task<string> RunAsync(IServerLink link, CancellationToken cancellationToken)
    {
        var http = (HttpLink)link;
        WireResponse list = await http.SendAsync(DiamondRequests.List(@namespace, 1, 1), cancellationToken).ConfigureAwait(false);
        if (!IsDenied(list))
        {
            DiamondList.Read(list, @namespace, 1);
            return "accepted";
        }

        WireResponse read = await http.SendAsync(DiamondRequests.Get(@namespace, key), cancellationToken).ConfigureAwait(false);
        if (!IsDenied(read)) throw Refused("valid, because a read was accepted; the access key has no right to list this namespace", "Grant the access key the right to list the namespace.");

        // A server that looks at the key before the signature refuses only a key that it does not know. What it answers otherwise, but an error of its own, shows that it went on.
        WireResponse named = await http.SendAsync(DiamondRequests.NameKey(), cancellationToken).ConfigureAwait(false);
        throw named.Status switch
        {
            401 or 403 => Refused("rejected: the server does not accept the access key ID", "Check the access key ID: it is wrong, disabled or deleted. A server that requires signatures everywhere answers a wrong secret key in the same way."),
            < 500 => Refused("rejected: the server accepts the access key ID, but not its signature", "The secret key is wrong, or the access key has no rights in this namespace. Copy the secret key again."),
            _ => Refused("rejected", "Check the access key ID, the secret key, and the rights of the access key in this namespace."),
        };
    }

    /// <summary>Whether an answer refuses who asks.</summary>
    public static bool IsDenied(WireResponse response) => response.Status is 401 or 403;

    private static AcmException Refused(string what, string advice) => new(AcmErrorKind.AccessDenied, what) { Advice = advice, IsFinal = true };
}
