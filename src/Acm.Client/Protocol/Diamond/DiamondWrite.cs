using Acm.Client.Http;

namespace Acm.Client.Protocol.Diamond;

/// <summary>Reads responses to publishes and removals. The body is "OK", "true" or JSON, depending on the server, so only the status counts (as in acm-sdk-python 0.4.10).</summary>
internal static class DiamondWrite
{
    /// <param name="response">The response.</param>
    /// <param name="namespace">The namespace.</param>
    /// <param name="key">The configuration.</param>
    /// <param name="condition">The precondition.</param>
    /// <param name="what">The beginning of error messages.</param>
    /// <param name="contentLength">The size of the content in bytes.</param>
    public static WriteOutcome Read(WireResponse response, string @namespace, ConfigKey key, PublishCondition condition, string what, int contentLength = 0)
    {
        if (response.Status == 409 && condition.Kind != PublishConditionKind.None) return WriteOutcome.Refused;

        // A removal succeeds even if nothing existed, so a 404 does not come from an ACM server.
        if (response.Status != 200) throw DiamondErrors.For(response, @namespace, what, key, contentLength);

        // A proxy or login page also answers 200. Whether it forwarded the request is unknown.
        if (DiamondGet.LooksLikePage(response)) throw DiamondErrors.Garbled(response, "it is a web page, such as one of a proxy or a login page", key, outcomeUnknown: true);
        return WriteOutcome.Stored;
    }
}
