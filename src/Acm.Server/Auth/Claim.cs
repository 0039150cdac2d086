namespace Acm.Server.Auth;

/// <summary>The signature headers of a request; empty if absent.</summary>
internal readonly record struct Claim(string AccessKey, string TimeStamp, string Signature)
{
    public static Claim Of(IHeaderDictionary headers) => new(
        headers["Spas-AccessKey"].ToString(),
        headers["timeStamp"].ToString(),
        headers["Spas-Signature"].ToString());
}
