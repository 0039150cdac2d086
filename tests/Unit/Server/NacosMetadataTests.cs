using Acm.Server.Dialects.Nacos;
using Acm.Tests.Support;

namespace Acm.Tests.Server;

/// <summary>Metadata that are kept in memory have a maximum length in every call.</summary>
public sealed class NacosMetadataTests
{
    private const string Form = "Content-Type: application/x-www-form-urlencoded";

    public static TheoryData<string, string, int, int> Fields
    {
        get
        {
            var fields = new TheoryData<string, string, int, int>();
            foreach ((string generation, int status) in new[] { ("One", 500), ("Two", 400), ("Three", 400) })
            {
                fields.Add(generation, "appName", 1_024, status);
                fields.Add(generation, "encryptedDataKey", 8_192, status);
            }

            fields.Add("Two", "src_user", 1_024, 400);
            return fields;
        }
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task A_field_is_taken_up_to_its_length(string generation, string field, int longest, int status)
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { NacosGeneration = Enum.Parse<Generation>(generation) });

        RawResponse taken = await PublishAsync(longest);
        RawResponse refused = await PublishAsync(longest + 1);

        Assert.Equal((200, status), (taken.Status, refused.Status));

        Task<RawResponse> PublishAsync(int length) =>
            RawHttp.PostAsync(server.Uri, "/nacos/v1/cs/configs", $"dataId=a&group=g&content=1&{field}={new string('x', length)}", Form);
    }
}
