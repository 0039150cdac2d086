using Acm.Client.Http;

namespace Acm.Client.Protocol.Diamond;

/// <summary>Reads the answers to a publish and a removal (protocol reference, 5.2 and 5.3). The body is "OK", "true" or JSON, depending on who answers: the status alone tells.</summary>
internal static class DiamondWrite
{
    /// <param name="response">The answer.</param>
    /// <param name="namespace">Where.</param>
    /// <param name="key">Which.</param>
    /// <param name="condition">What was asked to hold.</param>
    /// <param name="what">What was done, as the beginning of a sentence.</param>
    /// <param name="contentLength">How much was sent.</param>
    public static WriteOutcome Read(WireResponse response, string @namespace, ConfigKey key, PublishCondition condition, string what, int contentLength = 0)
    {
        if (response.Status == 409 && condition.Kind != PublishConditionKind.None) return WriteOutcome.Refused;

        // A removal is answered 200 also where nothing existed; a 404 can only be of something that is no ACM server.
        if (response.Status != 200) throw DiamondErrors.For(response, @namespace, what, key, contentLength);

        // A proxy or a login page answers 200 as well. Whether the request went on from there is not known.
        if (DiamondGet.LooksLikePage(response)) throw DiamondErrors.Garbled(response, "it is a web page, such as one of a proxy or a login page", key, outcomeUnknown: true);
        return WriteOutcome.Stored;
    }
}
