using System.Globalization;
using System.Text.Json;
using Acm.Client.CloudApi;
using Acm.Client.Http;

namespace Acm.Client.Credentials;

/// <summary>Temporary credentials as JSON: the answer of the metadata service and of a credentials URI, and a part of STS's (reference, 4 and 5).</summary>
internal static class CredentialJson
{
    /// <summary>A Date header is whole seconds, and an answer takes its time: less than this is no difference of clocks.</summary>
    private static readonly TimeSpan NotableSkew = TimeSpan.FromSeconds(5);

    /// <summary>Reads an answer whose <c>Code</c> has to be <c>Success</c>.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="clock">Our clock, by which the end is told whatever the other one shows.</param>
    /// <param name="where">Who answered, as errors name it.</param>
    public static AcmCredential Read(WireResponse response, TimeProvider clock, string where)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(response.Body);
            JsonElement json = document.RootElement;
            if (RpcAnswer.Text(json, "Code") is not "Success") throw CredentialErrors.None($"{where} answered with a code other than Success.");

            return Read(json, response.Date, clock, where);
        }
        catch (JsonException)
        {
            // Without its cause: a parser's message may quote what it stumbled on.
            throw CredentialErrors.None($"{where} answered with something that is not JSON.");
        }
        finally
        {
            Array.Clear(response.Body, 0, response.Body.Length);
        }
    }

    /// <summary>Reads the four members.</summary>
    /// <param name="json">The object that has them.</param>
    /// <param name="date">The time by the clock of who answered; null where it is not known.</param>
    /// <param name="clock">Our clock, by which the end is told whatever the other one shows.</param>
    /// <param name="where">Who answered, as errors name it.</param>
    public static AcmCredential Read(JsonElement json, DateTimeOffset? date, TimeProvider clock, string where)
    {
        if (!DateTimeOffset.TryParse(RpcAnswer.Text(json, "Expiration"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset expires))
        {
            throw CredentialErrors.None($"{where} does not report when its credentials expire.");
        }

        string? token = RpcAnswer.Text(json, "SecurityToken");
        if (string.IsNullOrEmpty(token)) throw CredentialErrors.None($"{where} returned no security token.");
        TimeSpan skew = date - clock.GetUtcNow() ?? TimeSpan.Zero;
        if (skew.Duration() < NotableSkew) skew = TimeSpan.Zero;
        return CredentialErrors.Make(RpcAnswer.Text(json, "AccessKeyId"), RpcAnswer.Text(json, "AccessKeySecret"), token, expires - skew, where);
    }
}
