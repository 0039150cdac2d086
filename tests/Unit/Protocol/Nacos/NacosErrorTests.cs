using Acm.Client;
using Acm.Tests.Support;

namespace Acm.Tests.Protocol.Nacos;

/// <summary>Each error format of Nacos 1.4.8, 2.5.1 and 3.0.3, as recorded, and the resulting error.</summary>
public sealed class NacosErrorTests
{
    private const string Statement = "PreparedStatementCallback; SQL [UPDATE config_info SET content = ?,md5 = ?,src_ip = ?,src_user = ?,gmt_modified = NOW(3),app_name = ?,c_desc = ?,c_use = ?,effect = ?,type = ?,c_schema = ?,encrypted_data_key = ? WHERE data_id = ? AND group_id = ? AND tenant_id = ?]; Data truncation: ";
    private const string BadCharacter = Statement + @"Incorrect string value: '\\xF0\\x9F\\x98\\x80canary' for column `nacos`.`config_info`.`content` at row 1";
    private const string TooLong = Statement + "Data too long for column 'app_name' at row 1";

    private static readonly ConfigKey Key = new("app.yaml");

    public static TheoryData<string, int, string, AcmErrorKind> Publishes => new()
    {
        // Plain text; status 500 where newer versions return 400.
        { "1.4.8", 500, "caused: invalid dataId : a b;", AcmErrorKind.InvalidKey },
        { "2.5.1", 400, "caused: invalid dataId : a b;", AcmErrorKind.InvalidKey },
        { "2.5.1", 400, "caused: content is blank : app.yaml;", AcmErrorKind.InvalidContent },
        { "2.5.1", 400, "Param 'dataId' is illegal, illegal characters should not appear in the param.\r\n", AcmErrorKind.InvalidKey },
        { "2.5.1", 500, "caused: " + BadCharacter + ";", AcmErrorKind.InvalidContent },
        { "2.5.1", 500, "caused: " + TooLong + ";", AcmErrorKind.ContentTooLarge },

        // The form was dropped, so its first parameter is missing.
        { "1.4.8", 500, "caused: Required request parameter 'dataId' for method parameter type String is not present;", AcmErrorKind.ContentTooLarge },
        { "2.0.3", 500, "caused: Required String parameter 'dataId' is not present;", AcmErrorKind.ContentTooLarge },
        { "2.5.1", 500, "caused: Required request parameter &#39;dataId&#39; for method parameter type String is not present;", AcmErrorKind.ContentTooLarge },
        { "3.0.3", 400, """{"code":10000,"message":"parameter missing","data":"Required parameter 'groupName' type String is not present"}""", AcmErrorKind.ContentTooLarge },
        { "3.0.3", 413, "", AcmErrorKind.ContentTooLarge },

        // An envelope with a code, whose status may be 200.
        { "3.0.3", 400, """{"code":20002,"message":"parameter validate error","data":"invalid dataId : a b"}""", AcmErrorKind.InvalidKey },
        { "3.0.3", 500, """{"code":10002,"message":"data access error","data":"STATEMENT"}""".Replace("STATEMENT", BadCharacter, StringComparison.Ordinal), AcmErrorKind.InvalidContent },
        { "3.0.3", 500, """{"code":10002,"message":"data access error","data":"Could not open JDBC connection"}""", AcmErrorKind.ServerUnavailable },
        { "3.0.3", 200, """{"code":30000,"message":"server error","data":null}""", AcmErrorKind.ServerUnavailable },
        { "3.0.3", 400, """{"code":5034,"message":"over limit","data":null}""", AcmErrorKind.ContentTooLarge },
        { "3.0.3", 400, """{"code":5031,"message":"over quota","data":null}""", AcmErrorKind.Throttled },
        { "3.0.3", 403, """{"code":10001,"message":"access denied","data":"no"}""", AcmErrorKind.AccessDenied },

        // An error page, or that of a gateway.
        { "2.5.1", 403, """{"timestamp":"2024-01-01T00:00:00.000+00:00","status":403,"error":"Forbidden","message":"authorization failed!","path":"/nacos/v1/cs/configs"}""", AcmErrorKind.AccessDenied },
        { "2.5.1", 404, "<!doctype html><html><body>HTTP Status 404 – Not Found</body></html>", AcmErrorKind.CapabilityMissing },
        { "3.0.3", 410, """{"status":410,"message":"{\"code\":40000}","timestamp":"2024","path":"/x"}""", AcmErrorKind.CapabilityMissing },

        // Empty, or another text than that of a success.
        { "2.5.1", 200, "", AcmErrorKind.InvalidResponse },
        { "2.5.1", 200, "false", AcmErrorKind.InvalidResponse },
        { "2.5.1", 503, "", AcmErrorKind.ServerUnavailable },
    };

    [Theory]
    [MemberData(nameof(Publishes))]
    public async Task A_publish_that_was_not_done_is_told_as_what_it_is(string version, int status, string body, AcmErrorKind expected)
    {
        await using ScriptedServer server = ScriptedNacos.Start(version, request => request.Method == "POST" ? ScriptedReply.Text(status, body.StartsWith('{') ? "application/json" : "text/plain", body)
            : version[0] == '3' ? ScriptedNacos.Json(404, """{"code":20004,"message":"resource not found","data":"Config not exist"}""")
            : ScriptedReply.Text(200, "text/plain", ""));
        using AcmClient client = ScriptedNacos.Connect(server, clock: new PauselessClock());

        AcmException error = await Clients.FailsAsync(client.PublishAsync(Key, "a"));

        Assert.Equal(expected, error.Kind);
        Assert.DoesNotContain("canary", error.ToString() + error.Advice, StringComparison.Ordinal);
        Assert.DoesNotContain("SQL [", error.ToString() + error.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("appName", 129, "its application name has 129 characters, and Nacos stores at most 128")]
    [InlineData("description", 129, "its description has 129 characters, and Nacos stores at most 128")]
    [InlineData("tag", 65, "its tag has 65 characters, and Nacos stores at most 64")]
    [InlineData("tags", 6, "it has 6 tags, and Nacos stores at most 5")]
    public async Task What_a_server_would_drop_in_silence_is_not_sent(string property, int length, string problem)
    {
        var options = new PublishOptions
        {
            AppName = property == "appName" ? new string('a', length) : null,
            Description = property == "description" ? new string('中', length) : null,
            Tags = property == "tag" ? "a," + new string('b', length) : property == "tags" ? string.Join(",", Enumerable.Range(0, length)) : null,
        };
        await using ScriptedServer server = ScriptedNacos.Start("2.5.1", _ => ScriptedReply.Status(500));
        using AcmClient client = ScriptedNacos.Connect(server);

        AcmException error = await Clients.FailsAsync(client.PublishAsync(Key, "a", options));

        Assert.Equal(AcmErrorKind.InvalidContent, error.Kind);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_data_id_that_its_column_does_not_hold_is_refused()
    {
        await using ScriptedServer server = ScriptedNacos.Start("2.5.1", _ => ScriptedReply.Status(500));
        using AcmClient client = ScriptedNacos.Connect(server);

        Assert.Equal(AcmErrorKind.InvalidKey, (await Clients.FailsAsync(client.PublishAsync(new ConfigKey(new string('a', 256)), "a"))).Kind);
        Assert.Empty(server.Requests);
    }
}
