using Acm.Client;
using Acm.Tests.Support;

namespace Acm.Tests.Protocol.Nacos;

/// <summary>The history of real servers, from recorded responses.</summary>
public sealed class NacosHistoryTests
{
    private static readonly ConfigKey Key = new("rec.h", "REC");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // 1.4.8, scenario v1.history, step item-wrong-ns: a row of the public namespace is answered for any other one.
    [Fact]
    public async Task A_row_of_another_namespace_is_refused()
    {
        await using ScriptedServer server = ScriptedNacos.Start("1.4.8", request => ScriptedNacos.Json(200, IsList(request)
            ? """{"totalCount":1,"pageNumber":1,"pagesAvailable":1,"pageItems":[{"id":"290","lastId":-1,"dataId":"rec.h","group":"REC","tenant":"ns-0001","appName":"","md5":null,"content":null,"srcIp":"127.0.0.1","srcUser":null,"opType":"I         ","createdTime":"2010-05-05T00:00:00.000+00:00","lastModifiedTime":"2026-11-29T17:12:35.961+00:00"}]}"""
            : """{"id":"290","lastId":-1,"dataId":"rec.h","group":"REC","tenant":"","appName":"app","md5":"a9f0e61a137d86aa9db53465e0801612","content":"second","srcIp":"127.0.0.1","srcUser":null,"opType":"I         ","createdTime":"2010-05-05T00:00:00.000+00:00","lastModifiedTime":"2026-11-29T17:12:35.961+00:00"}"""));
        using AcmClient client = ScriptedNacos.Connect(server);

        AcmException error = await Clients.FailsAsync(client.GetRevisionAsync(Key, RevisionQuery.After(290), cancellationToken: Token));

        Assert.Equal(AcmErrorKind.ConfigNotFound, error.Kind);
        Assert.Contains("change 290 belongs to a configuration other than", error.Message, StringComparison.Ordinal);
    }

    // 2.5.1, step item-wrong-dataid.
    [Fact]
    public async Task A_broken_status_line_is_an_error_that_says_what_it_means()
    {
        await using ScriptedServer server = ScriptedNacos.Start("2.5.1", request => IsList(request)
            ? ScriptedNacos.Json(200, """{"totalCount":1,"pageNumber":1,"pagesAvailable":1,"pageItems":[{"id":"267","dataId":"rec.h","group":"REC","tenant":"ns-0001","srcIp":"127.0.0.1","srcUser":null,"opType":"I         ","publishType":"formal","lastModifiedTime":"2026-11-29T17:11:38.903+00:00"}]}""")
            : ScriptedReply.Bytes("HTTP/1.1 0 \r\n\r\n", ReplyEnd.Close));
        using AcmClient client = ScriptedNacos.Connect(server);

        AcmException error = await Clients.FailsAsync(client.GetRevisionAsync(Key, RevisionQuery.After(267), cancellationToken: Token));

        Assert.Equal(AcmErrorKind.InvalidResponse, error.Kind);
        Assert.Contains("Nacos 2.5.1 answers like this if the version belongs to another configuration", error.Message, StringComparison.Ordinal);
    }

    // 3.0.3, scenario v3admin.history: the operation is padded, gray rows are between the others, and the row of an update has what there was before it.
    [Fact]
    public async Task Gray_rows_have_a_name_and_no_content_and_the_row_of_an_update_holds_the_state_before_it()
    {
        await using ScriptedServer server = ScriptedNacos.Start("3.0.3", request => ScriptedNacos.Json(200, Recorded(request)));
        using AcmClient client = ScriptedNacos.Connect(server);

        var details = new List<RevisionDetail>();
        await foreach (RevisionDetail detail in client.GetHistoryDetailsAsync(Key, cancellationToken: Token)) details.Add(detail);

        Assert.Equal((RevisionKind.Added, "gray", null, null), (details[0].Revision.Operation, details[0].Revision.GrayName, details[0].Before, details[0].After));
        details.RemoveAt(0);
        Assert.Equal(["Changed: first -> second", "Added:  -> first"], details.Select(detail => $"{detail.Revision.Operation}: {detail.Before?.Content} -> {detail.After?.Content}"));
        Assert.Equal(("nacos", "127.0.0.1", DateTimeOffset.FromUnixTimeMilliseconds(1795972546555)), (details[0].Revision.User, details[0].Revision.Address, details[0].Revision.Time));
        Assert.Equal(("yaml", "", "d1"), (details[0].Before!.Metadata.Type, details[0].Before!.Metadata.Tags, details[0].Before!.Metadata.Description));
    }

    [Fact]
    public async Task A_server_without_the_call_lacks_the_capability()
    {
        await using ScriptedServer server = ScriptedNacos.Start("2.5.1", _ => ScriptedReply.Status(404));
        using AcmClient client = ScriptedNacos.Connect(server);

        AcmException error = await Clients.FailsAsync(client.GetRevisionAsync(Key, RevisionQuery.Previous, cancellationToken: Token));

        Assert.Equal(AcmErrorKind.CapabilityMissing, error.Kind);
    }

    // Nacos prunes by time only: within the retention, the oldest stored change is the first one.
    [Theory]
    [InlineData("U", 1, 1, true)]
    [InlineData("U", 28, 1, true)]
    [InlineData("D", 1, 1, true)]
    [InlineData("U", 29.5, 1, false)]
    [InlineData("U", 40, 1, false)]
    [InlineData("U", 1, 99, true)]
    [InlineData("U", 1, 100, false)]
    public async Task A_moment_before_all_changes_is_what_the_oldest_one_replaced_where_none_was_pruned_since(string operation, double daysAgo, int rows, bool isKnown)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        string list = string.Join(",", Enumerable.Range(0, rows).Select(i => $$"""{"id":"{{1000 - i}}","dataId":"rec.h","group":"REC","tenant":"ns-0001","srcIp":"","srcUser":null,"opType":"{{operation}}         ","publishType":"formal","lastModifiedTime":"{{now.AddHours(-1):O}}"}"""));
        await using ScriptedServer server = ScriptedNacos.Start("2.5.1", request => ScriptedNacos.Json(200, IsList(request)
            ? $$"""{"totalCount":{{rows}},"pageNumber":1,"pagesAvailable":1,"pageItems":[{{list}}]}"""
            : OldRow(request) ?? Stored("new")));
        using AcmClient client = ScriptedNacos.Connect(server);

        Task<AcmConfig> work = client.GetRevisionAsync(Key, RevisionQuery.AsOf(now.AddDays(-daysAgo)), cancellationToken: Token);

        if (isKnown)
        {
            Assert.Equal("old", (await Clients.InTime(work)).Content);
        }
        else
        {
            AcmException error = await Clients.FailsAsync(work);
            Assert.Equal((AcmErrorKind.ConfigNotFound, nameof(RevisionQuery.Previous)), (error.Kind, error.Option));
        }

        static string? OldRow(ScriptedRequest request) => NumberOf(request) is { } id
            ? $$"""{"id":"{{id}}","dataId":"rec.h","group":"REC","tenant":"ns-0001","content":"old","lastModifiedTime":"2026-11-29T17:12:35.961+00:00"}"""
            : null;
    }

    // A colleague publishes C, while "before the last change" is still looked up as A: what is before C is B.
    [Fact]
    public async Task A_change_that_comes_while_a_restore_is_planned_is_seen()
    {
        bool isChanged = false;
        await using ScriptedServer server = ScriptedNacos.Start("2.5.1", request =>
        {
            if (IsList(request)) return ScriptedNacos.Json(200, $$"""{"totalCount":3,"pageNumber":1,"pagesAvailable":1,"pageItems":[{{(isChanged ? Row(3, "U") + "," : "")}}{{Row(2, "U")}},{{Row(1, "I")}}]}""");
            if (NumberOf(request) is not { } id) return ScriptedNacos.Json(200, Stored(isChanged ? "C" : "B"));

            isChanged = true;
            return ScriptedNacos.Json(200, $$"""{"id":"{{id}}","dataId":"rec.h","group":"REC","tenant":"ns-0001","content":"{{(id == "3" ? "B" : "A")}}","lastModifiedTime":"2026-11-29T17:12:35.961+00:00"}""");
        });
        using AcmClient client = ScriptedNacos.Connect(server);

        RestorePlan plan = await Clients.InTime(client.PlanRestoreAsync(Key, RevisionQuery.Previous, cancellationToken: Token));

        Assert.Equal(("B", "C"), (plan.Wanted.Content, plan.Current?.Content));

        static string Row(int id, string operation) => $$"""{"id":"{{id}}","dataId":"rec.h","group":"REC","tenant":"ns-0001","srcIp":"","srcUser":null,"opType":"{{operation}}","publishType":"formal","lastModifiedTime":"2026-11-29T17:12:35.961+00:00"}""";
    }

    private static string Stored(string content) => $$"""{"id":"1","dataId":"rec.h","group":"REC","content":"{{content}}","md5":null,"tenant":"ns-0001","appName":"","type":"text"}""";

    private static string? NumberOf(ScriptedRequest request) =>
        request.Target.IndexOf("nid=", StringComparison.Ordinal) is var at and >= 0 ? new string([.. request.Target[(at + 4)..].TakeWhile(char.IsAsciiDigit)]) : null;

    private static bool IsList(ScriptedRequest request) => request.Target.Contains("search=accurate", StringComparison.Ordinal) || request.Target.Contains("/history/list", StringComparison.Ordinal);

    private static string Recorded(ScriptedRequest request) => request.Target switch
    {
        var target when IsList(request) => """
            {"code":0,"message":"success","data":{"totalCount":3,"pageNumber":1,"pagesAvailable":1,"pageItems":[
            {"id":"494","namespaceId":"ns-0001","groupName":"REC","dataId":"rec.h","md5":null,"type":null,"appName":"","createTime":1273017600000,"modifyTime":1795972548516,"srcIp":"127.0.0.1","srcUser":"nacos","opType":"I         ","publishType":"gray"},
            {"id":"491","namespaceId":"ns-0001","groupName":"REC","dataId":"rec.h","md5":null,"type":null,"appName":"","createTime":1273017600000,"modifyTime":1795972546555,"srcIp":"127.0.0.1","srcUser":"nacos","opType":"U         ","publishType":"formal"},
            {"id":"490","namespaceId":"ns-0001","groupName":"REC","dataId":"rec.h","md5":null,"type":null,"appName":"","createTime":1273017600000,"modifyTime":1795972545945,"srcIp":"127.0.0.1","srcUser":"nacos","opType":"I         ","publishType":"formal"}]}}
            """,
        var target when target.Contains("nid=491", StringComparison.Ordinal) => """{"code":0,"message":"success","data":{"id":"491","namespaceId":"ns-0001","groupName":"REC","dataId":"rec.h","md5":"8b04d5e3775d298e78455efc5ca404d5","type":null,"appName":"","createTime":1273017600000,"modifyTime":1795972546555,"srcIp":"127.0.0.1","srcUser":"nacos","opType":"U         ","publishType":"formal","content":"first","encryptedDataKey":"","grayName":"","extInfo":"{\"type\":\"yaml\",\"src_user\":\"nacos\",\"c_desc\":\"d1\"}"}}""",
        var target when target.Contains("nid=490", StringComparison.Ordinal) => """{"code":0,"message":"success","data":{"id":"490","namespaceId":"ns-0001","groupName":"REC","dataId":"rec.h","md5":"8b04d5e3775d298e78455efc5ca404d5","type":null,"appName":"","createTime":1273017600000,"modifyTime":1795972545945,"srcIp":"127.0.0.1","srcUser":"nacos","opType":"I         ","publishType":"formal","content":"first","encryptedDataKey":"","grayName":"","extInfo":"{\"src_user\":\"nacos\",\"type\":\"yaml\",\"c_desc\":\"d1\"}"}}""",
        _ => """{"code":0,"message":"success","data":{"id":"1101186438294147072","namespaceId":"ns-0001","groupName":"REC","dataId":"rec.h","md5":"a9f0e61a137d86aa9db53465e0801612","type":"yaml","appName":"","createTime":1795972545945,"modifyTime":1795972546556,"content":"second","desc":null,"encryptedDataKey":"","createUser":"nacos","createIp":"127.0.0.1","configTags":null}}""",
    };
}
