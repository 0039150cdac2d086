using System.Globalization;
using System.Text.Json;
using Acm.Client.CloudApi;
using Acm.Client.Http;

namespace Acm.Client.Credentials;

/// <summary>Reads temporary credentials in JSON, from the metadata service, a credentials URI, or STS.</summary>
internal static class CredentialJson
{
    /// <summary>Minimum clock difference that is taken into account: the Date header has a resolution of one second, and the response takes time.</summary>
    private static readonly TimeSpan NotableSkew = TimeSpan.FromSeconds(5);

    /// <summary>Reads a response whose <c>Code</c> must be <c>Success</c>.</summary>
    /// <param name="response">The response.</param>
    /// <param name="clock">The local clock, by which the expiry is corrected.</param>
    /// <param name="where">The source, as error messages name it.</param>
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
            // The inner exception is dropped: its message may quote part of the response.
            throw CredentialErrors.None($"{where} answered with something that is not JSON.");
        }
        finally
        {
            Array.Clear(response.Body, 0, response.Body.Length);
        }
    }

    /// <summary>Reads the four members of the credentials.</summary>
    /// <param name="json">The object.</param>
    /// <param name="date">The time of the service; null if unknown.</param>
    /// <param name="clock">The local clock, by which the expiry is corrected.</param>
    /// <param name="where">The source, as error messages name it.</param>
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
