using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Acm.Server.Storage;
using Acm.Tests.Support;

namespace Acm.Tests.Server;

/// <summary>The responses of a server that is starting, or restarted after a kill: even the first one is correct.</summary>
public sealed class NacosStartTests : IDisposable
{
    private const int Keys = 5_000;
    private const string Form = "Content-Type: application/x-www-form-urlencoded";
    private const string Configs = "/nacos/v1/cs/configs";
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(2);
    private readonly string _folder = Directory.CreateTempSubdirectory("acm-start-").FullName;

    private string DataPath => Path.Combine(_folder, "acm.db");

    [Fact]
    public async Task From_its_first_answer_on_it_has_everything_and_knows_every_user()
    {
        string passwords = Path.Combine(_folder, "passwords");
        await File.WriteAllTextAsync(passwords, "ann=pw\n", TestContext.Current.CancellationToken);
        await using AcmServerProcess server = await AcmServerProcess.StartOnFileAsync(DataPath, "--nacos-generation", "2", "--user", "ann=admin", "--password-file", passwords);
        await server.StopAsync();
        Fill(DataPath);

        Task started = server.RestartAsync();
        const string User = "username=ann&password=pw";
        RawResponse login = await FirstAnswerAsync(server.Uri, started, $"POST /nacos/v1/auth/login?{User} HTTP/1.1", "");
        RawResponse read = await RawHttp.GetAsync(server.Uri, $"{Configs}?dataId={Name(Keys - 1)}&group=G&{User}");
        RawResponse list = await RawHttp.GetAsync(server.Uri, $"{Configs}?search=accurate&dataId=&group=&pageNo=1&pageSize=1&{User}");
        RawResponse history = await RawHttp.GetAsync(server.Uri, $"/nacos/v1/cs/history?search=accurate&dataId={Name(0)}&group=G&{User}");
        RawResponse told = await PollAsync(server.Uri, $"{Name(1)}%02G%02{Md5("old")}%01{Name(2)}%02G%02{Md5(Name(2))}%01", "&" + User);
        await started;

        Assert.Equal(200, login.Status);
        Assert.Equal((200, Name(Keys - 1)), (read.Status, read.Text));
        Assert.Contains($"\"totalCount\":{Keys},", list.Text, StringComparison.Ordinal);
        Assert.Contains("\"totalCount\":1,", history.Text, StringComparison.Ordinal);
        Assert.Equal($"{Name(1)}%02G%01\n", told.Text);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("3")]
    public async Task A_token_is_good_after_a_restart(string generation)
    {
        string passwords = Path.Combine(_folder, "passwords");
        await File.WriteAllTextAsync(passwords, "ann=pw\n", TestContext.Current.CancellationToken);
        await using AcmServerProcess server = await AcmServerProcess.StartOnFileAsync(DataPath, "--nacos-generation", generation, "--user", "ann=admin", "--password-file", passwords);
        RawResponse login = await RawHttp.PostAsync(server.Uri, "/nacos/v1/auth/login?username=ann&password=pw", "");
        using var document = JsonDocument.Parse(login.Body);
        string token = document.RootElement.GetProperty("accessToken").GetString()!;

        server.Kill();
        await using RunningServer next = await RunningServer.StartWithAsync("--data", DataPath, "--nacos-generation", generation, "--user", "ann=admin", "--password-file", passwords);
        RawResponse read = await RawHttp.GetAsync(next.Uri, $"{Configs}?dataId=absent&group=G&accessToken={token}");

        Assert.Equal(404, read.Status);
    }

    [Theory]
    [InlineData("1", "POST /nacos/v1/cs/configs", "group", "true")]
    [InlineData("2", "POST /nacos/v2/cs/config", "group", """{"code":0,"message":"success","data":true}""")]
    [InlineData("3", "POST /nacos/v3/admin/cs/config", "groupName", """{"code":0,"message":"success","data":true}""")]
    public async Task What_was_acknowledged_is_there_after_a_kill(string generation, string publish, string group, string acknowledgement)
    {
        await using AcmServerProcess server = await AcmServerProcess.StartOnFileAsync(DataPath, "--nacos-generation", generation);
        using (RawHttp connection = await RawHttp.ConnectAsync(server.Uri))
        {
            for (int i = 0; i < 50; i++)
            {
                await connection.WriteAsync($"{publish} HTTP/1.1\n{Form}", $"dataId={Name(i)}&{group}=G&content={Name(i)}");
                Assert.Equal(acknowledgement, (await connection.ReadAsync()).Text);
            }
        }

        server.Kill();
        await using RunningServer next = await RunningServer.StartWithAsync("--data", DataPath, "--nacos-generation", generation);

        using RawHttp reader = await RawHttp.ConnectAsync(next.Uri);
        for (int i = 0; i < 50; i++)
        {
            await reader.WriteAsync($"GET {Configs}?dataId={Name(i)}&group=G HTTP/1.1");
            Assert.Equal(Name(i), (await reader.ReadAsync()).Text);
        }
    }

    // Embedded clusters of Nacos 2.5.1 serve writes that they rejected.
    [Theory]
    [InlineData("2", "/nacos/v1/cs/configs", "group", "caused: Cas publish fail, server md5 may have changed.;")]
    [InlineData("2", "/nacos/v2/cs/config", "group", "Cas publish fail, server md5 may have changed.")]
    [InlineData("3", "/nacos/v3/admin/cs/config", "groupName", "Cas publish fail, server md5 may have changed.")]
    public async Task A_refused_compare_and_swap_leaves_no_trace(string generation, string path, string group, string words)
    {
        await using RunningServer server = await RunningServer.StartWithAsync("--data", DataPath, "--nacos-generation", generation);
        await RawHttp.PostAsync(server.Uri, path, $"dataId=a&{group}=G&content=old", Form);
        using RawHttp poll = await RawHttp.ConnectAsync(server.Uri);
        await poll.WriteAsync($"POST {Configs}/listener HTTP/1.1\n{Form}\nLong-Pulling-Timeout: 30000", $"Listening-Configs=a%02G%02{Md5("old")}%01");
        await RunningServer.WaitForHangingPollsAsync(server.Uri, 1);

        RawResponse refused = await RawHttp.PostAsync(server.Uri, path, $"dataId=a&{group}=G&content=new", Form, $"casMd5: {Md5("other")}");
        RawResponse read = await RawHttp.GetAsync(server.Uri, $"{Configs}?dataId=a&group=G");
        RawResponse history = await RawHttp.GetAsync(server.Uri, generation == "3" ? "/nacos/v3/admin/cs/history/list?dataId=a&groupName=G" : "/nacos/v1/cs/history?search=accurate&dataId=a&group=G");
        await RunningServer.WaitForHangingPollsAsync(server.Uri, 1);
        bool isSilent = poll.IsSilent;
        await server.DisposeAsync();
        await using RunningServer next = await RunningServer.StartWithAsync("--data", DataPath, "--nacos-generation", generation);
        RawResponse later = await RawHttp.GetAsync(next.Uri, $"{Configs}?dataId=a&group=G");

        Assert.Equal(500, refused.Status);
        Assert.Contains(words, refused.Text, StringComparison.Ordinal);
        Assert.Equal(("old", "old"), (read.Text, later.Text));
        Assert.Contains("\"totalCount\":1,", history.Text, StringComparison.Ordinal);
        Assert.True(isSilent);
    }

    [Fact]
    public async Task The_first_poll_after_a_restart_is_told_what_changed_before()
    {
        await using AcmServerProcess server = await AcmServerProcess.StartOnFileAsync(DataPath);
        await RawHttp.PostAsync(server.Uri, Configs, "dataId=a&group=G&content=new", Form);
        server.Kill();
        await using RunningServer next = await RunningServer.StartWithAsync("--data", DataPath);

        RawResponse told = await PollAsync(next.Uri, $"a%02G%02{Md5("old")}%01");
        using RawHttp poll = await RawHttp.ConnectAsync(next.Uri);
        await poll.WriteAsync($"POST {Configs}/listener HTTP/1.1\n{Form}\nLong-Pulling-Timeout: 30000", $"Listening-Configs=a%02G%02{Md5("new")}%01");
        await next.WaitForHangingPollsAsync(1);

        Assert.Equal("a%02G%01\n", told.Text);
        Assert.True(poll.IsSilent);
    }

    [Fact]
    public async Task A_second_server_on_the_same_data_ends_and_says_why()
    {
        await using RunningServer server = await RunningServer.StartWithAsync("--data", DataPath);

        (int exitCode, string output, string errors) = await AcmServerProcess.RunAsync("--data", DataPath, "--urls", "http://127.0.0.1:0");

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains("another server uses it", errors, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Name(int i) => string.Create(CultureInfo.InvariantCulture, $"key-{i:00000}");

    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.ASCII.GetBytes(text)));

    private static Task<RawResponse> PollAsync(Uri server, string items, string more = "") =>
        RawHttp.PostAsync(server, Configs + "/listener", $"Listening-Configs={items}{more}", Form, "Long-Pulling-Timeout: 30000");

    /// <summary>Sends requests from the start of the process on, and returns the first response.</summary>
    private static async Task<RawResponse> FirstAnswerAsync(Uri server, Task started, string head, string body)
    {
        while (true)
        {
            bool wasStarted = started.IsCompleted;
            try
            {
                return await RawHttp.SendAsync(server, head, body);
            }
            catch (SocketException) when (!wasStarted)
            {
                // A starting server may only refuse connections. The pause leaves the processor to its start.
            }

            await Task.Delay(BetweenTries, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Writes a data file in one commit.</summary>
    private static void Fill(string path)
    {
        using var journal = new SqliteJournal(path);
        var changes = new List<AcceptedChange>();
        for (int i = 0; i < Keys; i++)
        {
            byte[] content = Encoding.ASCII.GetBytes(Name(i));
            var change = new Change { Key = new ConfigKey("", "G", Name(i)), Content = content, Md5 = Md5(Name(i)), Charset = Charsets.Text };
            var entry = new ConfigEntry { Id = i + 1, Revision = i + 1, Md5 = change.Md5, Length = content.Length, ModifiedAt = DateTimeOffset.UnixEpoch, Charset = Charsets.Text };
            changes.Add(new AcceptedChange(change, i + 1, DateTimeOffset.UtcNow, entry, null));
        }

        journal.Commit(changes);
    }
}
