using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Acm.Server.Dialects.Nacos;
using Acm.Server.Limits;
using Acm.Server.Options;
using Acm.Tests.Support;

namespace Acm.Tests.Server;

/// <summary>Invalid input to every call of every generation is rejected in the call's error format, and nothing is stored.</summary>
public sealed class NacosBadInputTests
{
    private const int LongName = 20_000;
    private const string Form = "Content-Type: application/x-www-form-urlencoded";
    private const string Multipart = "Content-Type: multipart/form-data; boundary=b";
    private static readonly string[] ErrorPageMembers = ["timestamp", "status", "error", "message", "path"];

    private static readonly Dictionary<string, string> Good = new()
    {
        ["dataId"] = "bad", ["group"] = "G", ["groupName"] = "G", ["content"] = "x", ["tenant"] = "ns", ["namespaceId"] = "ns", ["customNamespaceId"] = "ns", ["namespaceName"] = "n",
        ["namespace"] = "ns", ["namespaceShowName"] = "n", ["ids"] = "1", ["nid"] = "1", ["id"] = "1", ["pageNo"] = "1", ["pageSize"] = "1", ["ip"] = "1.1.1.1",
        ["config_detail"] = "x", ["policy"] = "ABORT", ["username"] = "u", ["password"] = "p", ["Listening-Configs"] = "bad%02G%02%01",
    };

    public static TheoryData<string> Generations => ["One", "Two", "Three", "ThreeTwo"];

    [Theory]
    [MemberData(nameof(Generations))]
    public async Task Bad_input_is_refused_in_the_shape_of_the_call_and_nothing_is_stored(string name)
    {
        var generation = Enum.Parse<Generation>(name);
        await using RunningServer server = await RunningServer.StartAsync(options => options with { NacosGeneration = generation });
        await server.PublishAsync("kept", "1");
        string before = await StateAsync(server);
        var wrong = new List<string>();
        foreach (Route route in Routes(generation))
        {
            foreach ((string what, string head, string body) in BadRequests(route))
            {
                RawResponse answer = await RawHttp.SendAsync(server.Uri, head, body);
                if (Complaint(answer) is { } complaint) wrong.Add($"{route.Method} {route.Path} {route.When}, {what}: {complaint}, {answer.Status} {answer.Text[..Math.Min(200, answer.Text.Length)]}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(before, await StateAsync(server));
    }

    [Theory]
    [InlineData("One", "POST /nacos/v1/cs/configs?import=true", 500)]
    [InlineData("Two", "POST /nacos/v1/cs/configs?import=true", 500)]
    [InlineData("Three", "POST /nacos/v3/admin/cs/config/import?x=1", 413)]
    [InlineData("ThreeTwo", "POST /nacos/v3/admin/cs/config/import?x=1", 413)]
    public async Task An_archive_of_a_gigabyte_is_refused_by_its_announced_size(string name, string call, int status)
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { NacosGeneration = Enum.Parse<Generation>(name) });

        RawResponse answer = await RawHttp.SendAsync(server.Uri, $"{call} HTTP/1.1\n{Multipart}\nContent-Length: {1024 * 1024 * 1024}");

        Assert.Equal(status, answer.Status);
    }

    [Theory]
    [InlineData("Two", "POST /nacos/v1/cs/configs?import=true&namespace=")]
    [InlineData("Three", "POST /nacos/v3/admin/cs/config/import?namespaceId=")]
    public async Task An_archive_that_unpacks_to_very_much_is_refused(string name, string call)
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { NacosGeneration = Enum.Parse<Generation>(name) });

        RawResponse answer = await RawHttp.SendAsync(server.Uri, $"{call} HTTP/1.1\n{Multipart}", Part(Bomb()));

        Assert.Equal(400, answer.Status);
        Assert.Contains("the archive holds more than", answer.Text, StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync(server));
    }

    [Theory]
    [InlineData("One", "POST /nacos/v1/cs/configs?clone=true&tenant=&policy=ABORT", 500)]
    [InlineData("Two", "POST /nacos/v1/cs/configs?clone=true&tenant=&policy=ABORT", 500)]
    [InlineData("Three", "POST /nacos/v3/admin/cs/config/clone?namespaceId=", 400)]
    public async Task A_body_of_depth_10000_is_unreadable(string name, string call, int status)
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { NacosGeneration = Enum.Parse<Generation>(name) });

        RawResponse answer = await RawHttp.SendAsync(server.Uri, $"{call} HTTP/1.1\nContent-Type: application/json", new string('[', 10_000) + new string(']', 10_000));

        Assert.Equal(status, answer.Status);
        Assert.Null(Complaint(answer));
    }

    [Theory]
    [InlineData("One", "/nacos/v1/cs/configs", 500)]
    [InlineData("Two", "/nacos/v1/cs/configs", 500)]
    [InlineData("Two", "/nacos/v2/cs/config", 400)]
    [InlineData("Three", "/nacos/v1/cs/configs", 400)]
    [InlineData("Three", "/nacos/v3/admin/cs/config", 400)]
    public async Task A_form_that_is_too_large_is_told_so_and_no_parameter_is_called_missing(string name, string path, int status)
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { NacosGeneration = Enum.Parse<Generation>(name) });

        RawResponse answer = await RawHttp.SendAsync(server.Uri, $"POST {path} HTTP/1.1\n{Form}\nContent-Length: {3 * 1024 * 1024}");

        Assert.Equal(status, answer.Status);
        Assert.Contains("the form is too large", answer.Text, StringComparison.Ordinal);
    }

    private static IReadOnlyList<Route> Routes(Generation generation)
    {
        using var memory = new StoreInMemory();
        var none = new RateLimit(0, TimeProvider.System);
        return NacosSetup.Routes(new ServerFacts(generation, false, 30, 1), new ServerOptions(), memory.Store, users: null, new PollLimit(0, 1), new CallLimits(none, none, null));
    }

    private static IEnumerable<(string What, string Head, string Body)> BadRequests(Route route)
    {
        string target = $"/nacos{route.Path}?{route.When}";
        bool hasForm = route.Method is "POST" or "PUT";
        yield return ("an unknown method", $"FROB {target} HTTP/1.1", "");
        yield return ("another method", $"PATCH {target} HTTP/1.1", "");
        foreach ((string what, Func<string, string> value) in new (string, Func<string, string>)[]
        {
            ("nothing", _ => ""),
            ("long names", _ => new string('n', LongName)),
            ("long numbers", _ => new string('9', LongName)),
            ("broken percent signs", _ => "%zz%"),
            ("half a character", _ => "%E4%B8"),
            ("a lone surrogate", _ => "%ED%A0%80"),
            ("NUL", _ => "a%00b"),
            ("a path", _ => "..%2F..%2Fetc"),
            ("markup", _ => "%3Cscript%3E"),
        })
        {
            // Nacos 1.4.8 generates an ID for a namespace without ID and name.
            if (what == "nothing" && route is { Method: "POST", Path: "/v1/console/namespaces" }) continue;

            string fields = string.Join('&', Good.Keys.Select(key => $"{key}={value(key)}"));
            string query = string.Join('&', Good.Keys.Select(key => $"{key}={value(key)[..Math.Min(value(key).Length, 200)]}"));
            yield return hasForm
                ? (what, $"{route.Method} {target} HTTP/1.1\n{Form}\nContent-Length: {fields.Length}", fields)
                : (what, $"{route.Method} {target}&{query} HTTP/1.1", "");
        }

        string good = string.Join('&', Good.Select(field => $"{field.Key}={field.Value}"));
        yield return ("doubled parameters", $"{route.Method} {target}&{good}&{good} HTTP/1.1\nContent-Length: 0", "");
        if (!hasForm) yield break;

        yield return ("form and query at once", $"{route.Method} {target}&{good} HTTP/1.1\n{Form}\nContent-Length: {good.Length}", good);
        yield return ("a file that is none", $"{route.Method} {target} HTTP/1.1\n{Multipart}\nContent-Length: {Part("no archive").Length}", Part("no archive"));
        yield return ("half a form of parts", $"{route.Method} {target} HTTP/1.1\n{Multipart}\nContent-Length: 9", "--b\r\nCont");
        yield return ("JSON that is none", $"{route.Method} {target} HTTP/1.1\nContent-Type: application/json\nContent-Length: 5", "[{\"a\"");
    }

    /// <summary>Returns the reason why clients could not parse the response; null if they can.</summary>
    private static string? Complaint(RawResponse answer)
    {
        string text = answer.Text;
        if (text.Contains("   at ", StringComparison.Ordinal) || text.Contains("System.", StringComparison.Ordinal) || text.Contains("Acm.Server.", StringComparison.Ordinal)) return "a stack trace";
        if (answer.Status is < 400 or 404 || text.Length == 0 || text == "false") return null;
        if (text.StartsWith("caused: ", StringComparison.Ordinal) || text.StartsWith("Param '", StringComparison.Ordinal) || text.StartsWith("<!doctype html>", StringComparison.Ordinal)) return null;

        // The login's errors are plain text.
        if (answer.Status == 403) return null;
        if (text[0] != '{') return "no shape of these servers";

        using var document = JsonDocument.Parse(answer.Body);
        string[] members = [.. document.RootElement.EnumerateObject().Select(member => member.Name)];
        return members.SequenceEqual(ErrorPageMembers) || members.SequenceEqual(["code", "message", "data"]) ? null : "a JSON of no known shape";
    }

    private static string Part(string file) => $"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f.zip\"\r\n\r\n{file}\r\n--b--\r\n";

    private static string Bomb()
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            using (Stream metadata = archive.CreateEntry(".metadata.yml").Open()) metadata.Write("metadata:\n- {group: G, dataId: a, type: text}\n"u8);

            byte[] zeros = new byte[1024 * 1024];
            using Stream entry = archive.CreateEntry("G/a", CompressionLevel.Fastest).Open();
            for (int i = 0; i < 70; i++) entry.Write(zeros);
        }

        return Encoding.Latin1.GetString(bytes.ToArray());
    }

    private static async Task<int> CountAsync(RunningServer server)
    {
        RawResponse health = await RawHttp.GetAsync(server.Uri, "/health");
        using var document = JsonDocument.Parse(health.Body);
        return document.RootElement.GetProperty("configurations").GetInt32();
    }

    private static async Task<string> StateAsync(RunningServer server)
    {
        RawResponse kept = await server.GetAsync("kept");
        RawResponse first = await RawHttp.GetAsync(server.Uri, "/nacos/v1/console/namespaces");
        RawResponse third = await RawHttp.GetAsync(server.Uri, "/nacos/v3/admin/core/namespace/list");
        bool isOld = first.Status == 200;
        return $"{await CountAsync(server)} {kept.Text} {(isOld ? first.Text : third.Text)}";
    }
}
