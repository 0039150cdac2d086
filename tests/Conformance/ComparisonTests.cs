using System.Numerics;
using Acm.Conformance.Comparing;
using Acm.Conformance.Json;
using Acm.Conformance.Recordings;

namespace Acm.Conformance;

/// <summary>Two runs of a synthetic server are equal, and every kind of change is found at its place.</summary>
public class ComparisonTests
{
    private static readonly Recording Real = TwoRuns.Record(0);

    public static TheoryData<string, string, string, string, string> ChangedMembers => new()
    {
        // step, member (a number is an item of pageItems), new value as JSON ('-' removes it), kind, place; a kind with '~' is soft
        { "detail", "type", "\"text\"", "body", "body.type" },
        { "detail", "createIp", "\"127.0.0.2\"", "body", "body.createIp" },
        { "detail", "type", "-", "shape", "body.type" },
        { "detail", "more", "0", "shape", "body.more" },
        { "detail", "desc", "-", "shape~", "body.desc" },
        { "detail", "more", "null", "shape~", "body.more" },
        { "detail", "desc", "\"\"", "shape", "body.desc" },
        { "detail", "id", "1101165392958590976", "shape", "body.id" },
        { "detail", "id", "\"0\"", "shape", "body.id" },
        { "detail", "modifyTime", "\"1796067527300\"", "shape", "body.modifyTime" },
        { "detail", "modifyTime", "1796067527", "shape", "body.modifyTime" },
        { "detail", "createTime", "1796067500000", "body", "body.createTime" },
        { "item-00", "createdTime", "\"2010-05-06T00:00:00.000+00:00\"", "body", "body.createdTime" },
        { "item-00", "createdTime", "\"2026-11-28T15:52:11.101+00:00\"", "shape", "body.createdTime" },
        { "item-00", "lastModifiedTime", "\"2026-11-28 15:52:11.101+00:00\"", "shape", "body.lastModifiedTime" },
        { "item-00", "lastId", "-2", "body", "body.lastId" },
        { "item-00", "extInfo", "\"{\\\"type\\\":\\\"yaml\\\",\\\"c_desc\\\":\\\"x\\\"}\"", "body", "body.extInfo(json).c_desc" },
        { "list", "totalCount", "4", "body", "body.totalCount" },
        { "tenant", "code", "0", "body", "body.code" },
        { "enveloped", "data", "\"a: 2 \"", "body", "body.data" },
        { "login", "tokenTtl", "17999", "body", "body.tokenTtl" },
        { "login", "accessToken", "\"\"", "shape", "body.accessToken" },
        { "error-page", "message", "\"other\"", "body~", "body.message" },
        { "error-page", "message", "\"\"", "body", "body.message" },
        { "error-page", "path", "\"/x\"", "body", "body.path" },
        { "refused-namespace", "data", "\"no\"", "body~", "body.data" },
        { "query", "resultCode", "500", "status", "body.resultCode" },
        { "query", "content", "\"y\"", "body", "body.content" },
        { "query", "lastModified", "0", "shape", "body.lastModified" },
        { "query", "requestId", "\"1\"", "shape", "body.requestId" },
        { "query-absent", "errorCode", "301", "status", "body.errorCode" },
        { "query-absent", "message", "\"gone\"", "body", "body.message" },
    };

    public static TheoryData<string, string, string, string> ChangedHeaders => new()
    {
        { "present", "Content-Type", "text/plain;charset=UTF-8", "header" },
        { "present", "Content-Type", "application/json", "header" },
        { "present", "Content-MD5", "0", "header" },
        { "present", "Config-Type", "-", "header" },
        { "present", "Encrypted-Data-Key", "k", "header" },
        { "present", "isBeta", "-", "header" },
        { "present", "tag", "other", "header" },
        { "present", "Vipserver-Tag", "x", "header" },
        { "present", "Last-Modified", "-", "header" },
        { "moved", "Location", "http://127.0.0.1:8848/other", "header" },
        { "moved", "Retry-After", "-", "header" },
        { "login", "Authorization", "-", "header" },
        { "refused", "WWW-Authenticate", "Bearer", "header" },
        { "at-once-wrong", "Probe-Modify-Response", "x", "header" },
        { "export-all", "Content-Disposition", "attachment;filename=other_20261129155201.zip", "header" },
        { "moved", "Cache-Control", "private", "header~" },
        { "present", "Content-Type", "Application/JSON; charset=utf-8", "" },
        { "present", "Last-Modified", "another day", "" },
        { "present", "Vary", "x", "" },
    };

    public static TheoryData<string, string, string, string> ChangedBodies => new()
    {
        { "present", "{\"a\":1}", "body", "body" },
        { "put", "false", "body", "body" },
        { "absent", "config not found\n", "body", "body" },
        { "absent", "sorry: config data not exist", "body~", "body" },
        { "error-text", "other words", "body~", "body" },
        { "error-text", "", "body", "body" },
        { "error-text", "{\"a\": 1}", "shape", "body" },
        { "refused", "token invalid!", "body", "body" },
        { "at-once-wrong", "rec.c%02REC%01rec.a%02REC%01rec.b%02REC%01\n", "body~", "body" },
        { "at-once-wrong", "rec.a%02REC%01rec.b%02REC%01\n", "body", "body" },
        { "at-once-wrong", "rec.a%02REC%01rec.b%02REC%01rec.c%02REC%01", "body", "body" },
        { "change-poll", "", "body", "body" },
    };

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void A_recording_equals_itself_and_the_next_run(int run)
    {
        IReadOnlyList<StepResult> steps = Comparison.Compare(Real, TwoRuns.Record(run));

        Assert.Equal([], steps.Where(step => step.Verdict != Verdict.Equal).SelectMany(step => step.Lines()));
        Assert.True(steps.Count > 40);
    }

    [Theory]
    [MemberData(nameof(ChangedMembers))]
    public void A_changed_member_is_found_at_its_place(string step, string member, string value, string kind, string place) =>
        Expect(Changed(step, Body(body => Set(body, member, value))), step, kind, place);

    [Theory]
    [MemberData(nameof(ChangedHeaders))]
    public void A_changed_header_is_found(string step, string name, string value, string kind) =>
        Expect(Changed(step, row => SetHeader(row, name, value)), step, kind, name.ToLowerInvariant());

    [Theory]
    [MemberData(nameof(ChangedBodies))]
    public void A_changed_body_is_found(string step, string body, string kind, string place) =>
        Expect(Changed(step, row => row.Response!["body"] = body), step, kind, place);

    [Theory]
    [InlineData("timeout", 5, "timing")]
    [InlineData("timeout", 29_500, "timing")]
    [InlineData("timeout", 12_100, "timing")]
    [InlineData("timeout", 8_100, "")]
    [InlineData("timeout", 11_500, "")]
    [InlineData("change-poll", 10_000, "timing")]
    [InlineData("change-poll", 2_000, "")]
    [InlineData("change-poll", 2_200, "timing")]
    [InlineData("change-poll", 800, "timing")]
    [InlineData("at-once-wrong", 990, "")]
    [InlineData("at-once-wrong", 1_200, "timing")]
    public void A_poll_that_is_held_for_another_time_is_found(string step, double milliseconds, string kind) =>
        Expect(Changed(step, row => row.Members["elapsed_ms"] = milliseconds), step, kind, "answered");

    [Fact]
    public void The_result_of_a_poll_counts()
    {
        Expect(Changed("change-result", row => row.Members["seconds"] = 9.0), "change-result", "timing", "seconds to the answer");
        Expect(Changed("change-result", row => row.Members["keys"] = new List<object?>()), "change-result", "shape", "note.keys[0]");
    }

    [Fact]
    public void A_changed_status_is_found()
    {
        Expect(Changed("absent", row => row.Response!["status"] = new BigInteger(200)), "absent", "status", "status");
        Expect(Changed("silent", row => row.Response!["error"] = "ConnectionResetError: x"), "silent", "status", "no answer");
        Expect(Changed("failing", row => row.Response!["error"] = "StatusCode.UNAVAILABLE: x"), "failing", "status", "answer");
        Expect(Changed("failing", row => row.Response!["error"] = "StatusCode.UNKNOWN: other"), "failing", "body~", "error");
    }

    [Fact]
    public void Identifiers_are_consistent_over_the_recording()
    {
        Expect(Changed("detail", Body(body => body["id"] = TwoRuns.ConfigId(1, 9))), "list", "body", "body.pageItems[0].id");
        Expect(Changed("list", Body(body => Item(body, 2)["id"] = Item(body, 1)["id"])), "list", "body", "body.pageItems[2].id");
        Expect(Changed("item-00", Body(body => body["id"] = TwoRuns.HistoryId(1, 2))), "item-00", "body", "body.id");
    }

    [Fact]
    public void The_order_of_a_history_counts_and_that_of_a_search_does_not()
    {
        Expect(Changed("history", Body(body => Items(body).Reverse())), "history", "body", "body.pageItems");
        Expect(Changed("history", Body(body => Items(body).RemoveAt(3))), "history", "shape", "body.pageItems[3]");
        Expect(Changed("history", Body(body => Items(body).RemoveAt(1))), "history", "shape", "body.pageItems[1]");
        Expect(Changed("list", Body(body => Items(body).Reverse())), "list", "body~", "body.pageItems");
        Expect(Changed("list", Body(body => Items(body).RemoveAt(2))), "list", "shape", "body.pageItems[2]");
        Expect(Changed("list", Body(body => Item(body, 1)["dataId"] = "x")), "list", "body", "body.pageItems[1].dataId");
        Expect(Changed("listen", Body(body => ((List<object?>)body["changedConfigs"]!).Reverse())), "listen", "body~", "body.changedConfigs");
    }

    [Theory]
    [InlineData("1,2,3,0", "body")]
    [InlineData("0,1,3,2", "body")]
    [InlineData("0,2,1,3", "")]
    public void A_namespace_with_a_random_id_has_no_place_in_the_order(string order, string kind)
    {
        Expect(
            Changed("namespaces", Body(body => body["data"] = order.Split(',').Select(n => ((List<object?>)body["data"]!)[int.Parse(n, System.Globalization.CultureInfo.InvariantCulture)]).ToList())),
            "namespaces",
            kind,
            "body.data");
    }

    [Theory]
    [InlineData("bytes", "1", "body.bytes")]
    [InlineData("head", "\"x\"", "body.head")]
    [InlineData("tail", "\"x\"", "body.tail")]
    [InlineData("sha256", "\"cd\"", "body.sha256")]
    public void A_long_body_is_compared_by_length_digest_and_ends(string part, string value, string place) =>
        Expect(Changed("huge", row => Set(row.Response!.Map("body_note")!, part, value)), "huge", "body", place);

    [Theory]
    [InlineData("export-all-listing")]
    [InlineData("export-other")]
    public void The_entries_of_a_zip_are_compared(string step)
    {
        Expect(Zipped(step, e => e[0].Text = "a: 2\n"), step, "body", "zip[REC/rec.e1]");
        Expect(Zipped(step, e => e.RemoveAt(1)), step, "shape", "zip[REC/rec.e2]");
        Expect(Zipped(step, e => e.Add(new Entry("REC/more", "x"))), step, "shape", "zip[REC/more]");
        Expect(Zipped(step, e => e.Reverse()), step, "shape~", "zip");
        Expect(Zipped(step, e => e[2].Text = e[2].Text.Replace("type: text", "type: json", StringComparison.Ordinal)), step, "body", "zip[.metadata.yml][1].type");
        Expect(Zipped(step, e => e[2].Text = e[2].Text.Replace("  type: text\n", "", StringComparison.Ordinal)), step, "shape", "zip[.metadata.yml][1].type");
        Expect(Zipped(step, e => e[2].Text = "{{{"), step, "body", "zip[.metadata.yml]");
        Expect(Zipped(step, e => e[2].Text = e[2].Text.Replace("appName: ''", "appName: \"\"", StringComparison.Ordinal)), step, "", "");
    }

    [Fact]
    public void Pushes_are_compared_by_connection_and_order()
    {
        Expect(Changed("push-c", rows => rows.RemoveAt(2)), "push-c", "shape", "push after change-2", Verdict.Missing);
        Expect(Changed("push-c", rows => rows.Insert(1, rows[1])), "push-c", "shape", "push after change");
        Expect(Changed("push-c", rows => rows[1].Members["after"] = "query"), "push-c#2", "shape", "push came after");
        Expect(Changed("push-fuzzy", rows => Body(body => ((List<object?>)body["contexts"]!).RemoveAt(0))(rows[0])), "push-fuzzy#1", "shape", "body.contexts[1]");
    }

    [Fact]
    public void Of_repeated_steps_the_last_answer_counts_and_the_others_have_to_be_known()
    {
        Expect(Changed("get0", rows => rows[^1].Response!["body"] = "v1"), "get0", "body", "body");
        Expect(Changed("get0", rows => rows[0].Response!["status"] = new BigInteger(500)), "get0", "body", "an earlier answer");
        Expect(Changed("at-once-2", row => row.Response!["type"] = "ErrorResponse"), "at-once", "status", "type");
    }

    [Fact]
    public void A_step_or_a_scenario_that_ours_lacks_is_missing()
    {
        Expect(Changed("detail", rows => rows.Clear()), "detail", "shape", "step", Verdict.Missing);
        Recording ours = TwoRuns.Record(1);
        ours.RemoveFamily("export-import");

        Assert.Equal(3, Comparison.Compare(Real, ours).Count(step => step.Verdict == Verdict.Missing));
    }

    private static void Expect(Recording ours, string step, string kind, string place, Verdict? verdict = null)
    {
        StepResult[] found = [.. Comparison.Compare(Real, ours).Where(s => s.Verdict != Verdict.Equal)];
        if (kind.Length == 0)
        {
            Assert.Equal([], found.SelectMany(s => s.Lines()));
            return;
        }

        bool isSoft = kind.EndsWith('~');
        StepResult only = Assert.Single(found);
        Assert.Equal((step, verdict ?? (isSoft ? Verdict.Soft : Verdict.Different)), (only.Step, only.Verdict));
        Difference difference = Assert.Single(only.Differences);
        Assert.Equal((kind.TrimEnd('~'), place, isSoft), (difference.Kind, difference.Place, difference.IsSoft));
    }

    private static Recording Changed(string step, Action<Row> change) => Changed(step, rows => change(rows[0]));

    /// <summary>Returns the second run with changed, additional or missing rows in one step.</summary>
    private static Recording Changed(string step, Action<List<Row>> change)
    {
        Recording ours = TwoRuns.Record(1);
        List<Row> all = ours.Families.First(f => f.Rows.Exists(row => row.Step == step)).Rows;
        int place = all.FindIndex(row => row.Step == step);
        List<Row> rows = all.FindAll(row => row.Step == step);
        all.RemoveAll(row => row.Step == step);
        change(rows);
        all.InsertRange(place, rows);
        return ours;
    }

    private static Recording Zipped(string step, Action<List<Entry>> change)
    {
        List<Entry> entries = [.. TwoRuns.ZipEntries().Select(e => new Entry(e.Name, e.Text))];
        change(entries);
        byte[] zip = TwoRuns.Zip([.. entries.Select(e => (e.Name, e.Text))]);
        return Changed(step, row =>
        {
            if (row.Members.Has("listing")) row.Members["listing"] = ZipContents.Listing(zip);
            else row.Response!["body_base64"] = Convert.ToBase64String(zip);
        });
    }

    private static Action<Row> Body(Action<JsonMap> change) => row =>
    {
        var body = (JsonMap)JsonValue.Parse(row.Response!.Text("body")!)!;
        change(body);
        row.Response["body"] = JsonValue.Write(body);
    };

    private static void Set(JsonMap map, string name, string value)
    {
        if (value == "-") map.Remove(name);
        else map[name] = JsonValue.Parse(value);
    }

    private static void SetHeader(Row row, string name, string value)
    {
        var headers = (List<object?>)row.Response!["headers"]!;
        headers.RemoveAll(h => (string)((List<object?>)h!)[0]! == name);
        if (value != "-") headers.Add(new List<object?> { name, value });
    }

    private static List<object?> Items(JsonMap body) => (List<object?>)body["pageItems"]!;

    private static JsonMap Item(JsonMap body, int index) => (JsonMap)Items(body)[index]!;

    private sealed class Entry(string name, string text)
    {
        public string Name { get; } = name;

        public string Text { get; set; } = text;
    }
}
