using Acm.Client.Http;
using Acm.Client.Links;

namespace Acm.Client.Protocol.Diamond;

/// <summary>Finds out whether a server that is no Nacos is ACM, by reading a key that need not exist. That a path is missing proves nothing: gateways and other servers say so as well.</summary>
internal static class DiamondDetection
{
    /// <summary>Asks a server over an anonymous link. Fails where it does not answer, or in a way that another try may change.</summary>
    public static ServerOperation<bool> New() => new HttpOperation<bool>(DiamondRequests.Get("", new ConfigKey("acm.connection.test")), IsAcm);

    /// <summary>Whether it is an answer to a read as only ACM gives it (protocol reference, 5.1). A refusal is text there, and a page where something on the way refuses.</summary>
    private static bool IsAcm(WireResponse response) => response.Status switch
    {
        200 => response.Header("Content-MD5") is not null,
        401 or 403 => !DiamondGet.LooksLikePage(response),
        404 => DiamondGet.SaysAbsent(response),
        429 or >= 500 => throw DiamondErrors.For(response, "", "Detecting the server type", key: null),
        _ => false,
    };
}
