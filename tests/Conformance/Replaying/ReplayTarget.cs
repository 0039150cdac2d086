using System.Net;
using System.Text;
using Acm.Conformance.Json;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Conformance.Replaying;

/// <summary>The server under test: where it listens, and the clock that it goes by.</summary>
internal sealed record ReplayTarget(IPEndPoint Address, FakeTimeProvider Clock)
{
    private const string HealthRequest = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";

    /// <summary>How many long polls the server holds.</summary>
    public async Task<int> HangingPollsAsync()
    {
        (JsonMap response, _) = await RecordedAnswer.ExchangeAsync(Address, "GET", Encoding.ASCII.GetBytes(HealthRequest));
        return (int)((JsonMap)JsonValue.Parse(response.Text("body")!)!).Number("hangingPolls");
    }
}
