using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Links;

namespace Acm.Client.Protocol.Diamond;

/// <summary>
/// Checks whether a server accepts the signature, and finds the cause if not. Servers answer 403 for a wrong access key ID, a wrong secret key and missing permissions alike; other requests narrow down the cause.
/// </summary>
/// <param name="namespace">The namespace to list and read.</param>
/// <param name="key">A key to read; it need not exist.</param>
internal sealed class DiamondSignatureCheck(string @namespace, ConfigKey key) : ServerOperation<string>(CallKind.List, "page 1 of the list", key: null)
{
    /// <exception cref="AcmException"><see cref="AcmErrorKind.AccessDenied"/> with the cause, as far as it can be determined.</exception>
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

        // A server that checks the key ID before the signature rejects only unknown IDs here. Any other response, except a server error, shows that the ID was accepted.
        WireResponse named = await http.SendAsync(DiamondRequests.NameKey(), cancellationToken).ConfigureAwait(false);
        throw named.Status switch
        {
            401 or 403 => Refused("rejected: the server does not accept the access key ID", "Check the access key ID: it is wrong, disabled or deleted. A server that requires signatures everywhere answers a wrong secret key in the same way."),
            < 500 => Refused("rejected: the server accepts the access key ID, but not its signature", "The secret key is wrong, or the access key has no rights in this namespace. Copy the secret key again."),
            _ => Refused("rejected", "Check the access key ID, the secret key, and the rights of the access key in this namespace."),
        };
    }

    /// <summary>Returns whether a response rejects the credentials.</summary>
    public static bool IsDenied(WireResponse response) => response.Status is 401 or 403;

    private static AcmException Refused(string what, string advice) => new(AcmErrorKind.AccessDenied, what) { Advice = advice, IsFinal = true };
}
