using System.Text;
using System.Text.Json;
using Acm.Client.Http;

namespace Acm.Client.Protocol.Nacos.Push;

/// <summary>The answer to a request over gRPC.</summary>
/// <param name="Json">What the server said.</param>
/// <param name="Code">Its error code; 0 for a success.</param>
/// <param name="Proof">What proved who asked; null for nothing.</param>
internal readonly record struct NacosPushAnswer(JsonElement Json, long Code, RequestProof? Proof)
{
    private const int BadRequest = 400;
    private const int TooManyRequests = 429;
    private const int ServerError = 500;
    private static readonly byte[] Taken = """{"code":0,"data":true}"""u8.ToArray();

    /// <summary>The same answer as the calls of HTTP give it, so that its errors are read in one place.</summary>
    /// <param name="server">Who answered.</param>
    public WireResponse AsOverHttp(string server)
    {
        int status = Code switch
        {
            0 => 200,
            BadRequest or NacosPushErrors.Denied => (int)Code,
            NacosPushErrors.OverLimit => TooManyRequests,
            _ => ServerError,
        };
        var headers = new HttpResponseMessage();
        return new WireResponse(status, headers.Headers, headers.Content.Headers, Code == 0 ? Taken : Encoding.UTF8.GetBytes(Json.GetRawText()), server) { Proof = Proof };
    }
}
