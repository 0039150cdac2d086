using Acm.Client.Http;
using Acm.Client.Links;

namespace Acm.Client.Protocol.Diamond;

/// <summary>Detects whether a server that is not Nacos is ACM, by reading a key that need not exist. A missing path proves nothing, because gateways and other servers also answer 404.</summary>
internal static class DiamondDetection
{
    /// <summary>Creates the operation, for an anonymous link. Fails if the server does not answer, or if another try may succeed.</summary>
    public static ServerOperation<bool> New() => new HttpOperation<bool>(DiamondRequests.Get("", new ConfigKey("acm.connection.test")), IsAcm);

    /// <summary>Returns whether only ACM answers a read in this way: it rejects requests with plain text, while proxies return a web page.</summary>
    private static bool IsAcm(WireResponse response) => response.Status switch
    {
        200 => response.Header("Content-MD5") is not null,
        401 or 403 => !DiamondGet.LooksLikePage(response),
        404 => DiamondGet.SaysAbsent(response),
        429 or >= 500 => throw DiamondErrors.For(response, "", "Detecting the server type", key: null),
        _ => false,
    };
}
