using System.Text.Json;
using Acm.Server.Auth;
using Acm.Server.Options;
using Acm.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Server;

public sealed class LoginTests : IDisposable
{
    private readonly string _passwords = Path.GetTempFileName();

    public void Dispose() => File.Delete(_passwords);

    [Fact]
    public async Task A_user_logs_in_and_reads_and_publishes_with_the_token()
    {
        await using RunningServer server = await StartAsync("ann=admin");
        string token = await LoginAsync(server, "ann");

        RawResponse published = await RawHttp.PostAsync(server.Uri, "/nacos/v1/cs/configs", $"dataId=a&group=g&content=x&accessToken={token}", "Content-Type: application/x-www-form-urlencoded");
        RawResponse anonymous = await RawHttp.GetAsync(server.Uri, "/nacos/v1/cs/configs?dataId=a&group=g");
        RawResponse read = await RawHttp.SendAsync(server.Uri, $"GET /nacos/v1/cs/configs?dataId=a&group=g HTTP/1.1\nAuthorization: Bearer {token}");

        Assert.Equal("true", published.Text);
        Assert.Equal(403, anonymous.Status);
        Assert.Equal("x", read.Text);
    }

    [Theory]
    [InlineData("reader=read", "", 200, 403)]
    [InlineData("reader=read@dev", "", 403, 403)]
    [InlineData("reader=read@dev", "dev", 404, 403)]
    [InlineData("reader=readwrite@dev", "dev", 404, 200)]
    [InlineData("reader=readwrite@public", "", 200, 200)]
    [InlineData("reader=readwrite", "dev", 404, 200)]
    public async Task A_right_holds_for_its_namespace_and_for_what_it_says(string user, string tenant, int readStatus, int writeStatus)
    {
        await using RunningServer server = await StartAsync("root=admin", user);
        await RawHttp.PostAsync(server.Uri, "/nacos/v1/cs/configs", "dataId=a&group=g&content=x&username=root&password=pw-root", "Content-Type: application/x-www-form-urlencoded");
        string more = $"tenant={tenant}&username=reader&password=pw-reader";

        RawResponse read = await RawHttp.GetAsync(server.Uri, $"/nacos/v1/cs/configs?dataId=a&group=g&{more}");
        RawResponse write = await RawHttp.PostAsync(server.Uri, $"/nacos/v1/cs/configs?dataId=b&group=g&content=y&{more}", "");

        Assert.Equal((readStatus, writeStatus), (read.Status, write.Status));
    }

    [Theory]
    [InlineData("", 403)]
    [InlineData("a\u0002g\u00021\u0002dev\u0001", 200)]
    [InlineData("a\u0002g\u00021\u0002dev\u0001b\u0002g\u00021\u0002prod\u0001", 403)]
    [InlineData("a%02g%021%02dev%01", 200)]
    [InlineData("a%02g%021%02prod%01", 403)]
    [InlineData("a%02g%021%02prod%01\u0002\u0002\u0002dev\u0001", 403)]
    public async Task A_poll_needs_the_right_to_each_namespace_that_it_names(string items, int status)
    {
        await using RunningServer server = await StartAsync("reader=read@dev");

        RawResponse answer = await RawHttp.PostAsync(
            server.Uri,
            "/nacos/v1/cs/configs/listener?tenant=&username=reader&password=pw-reader",
            "Listening-Configs=" + Uri.EscapeDataString(items),
            "Content-Type: application/x-www-form-urlencoded",
            "Long-Pulling-Timeout: 10000",
            "Long-Pulling-Timeout-No-Hangup: true");

        Assert.Equal(status, answer.Status);
    }

    [Fact]
    public async Task A_token_ends_in_time_and_outlives_a_restart()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        string data = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            string token;
            await using (RunningServer first = await StartAsync(clock, options => options with { DataFile = data, TokenLife = TimeSpan.FromSeconds(60) }, "ann=admin")) token = await LoginAsync(first, "ann");
            await using RunningServer second = await StartAsync(clock, options => options with { DataFile = data, TokenLife = TimeSpan.FromSeconds(60) }, "ann=admin");

            RawResponse before = await RawHttp.GetAsync(second.Uri, $"/nacos/v1/cs/configs?dataId=a&group=g&accessToken={token}");
            clock.Advance(TimeSpan.FromSeconds(61));
            RawResponse after = await RawHttp.GetAsync(second.Uri, $"/nacos/v1/cs/configs?dataId=a&group=g&accessToken={token}");

            Assert.Equal((404, 403), (before.Status, after.Status));
            Assert.Contains("token expired!", after.Text, StringComparison.Ordinal);
        }
        finally
        {
            foreach (string file in Directory.GetFiles(Path.GetTempPath(), Path.GetFileName(data) + "*")) File.Delete(file);
        }
    }

    [Fact]
    public async Task A_changed_password_file_is_read_again()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using RunningServer server = await StartAsync(clock, static options => options, "ann=admin");
        int before = (await ReadAsync(server, "pw-ann")).Status;

        await File.WriteAllTextAsync(_passwords, "ann=another password\n");
        clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal((404, 403, 404), (before, (await ReadAsync(server, "pw-ann")).Status, (await ReadAsync(server, "another%20password")).Status));
    }

    [Fact]
    public void Tries_that_are_looked_at_at_once_count_before_they_failed()
    {
        var limit = new LoginLimit(new FakeTimeProvider());

        int lookedAt = Enumerable.Range(0, 1_000).Count(_ => limit.TryEnter("192.0.2.1"));
        limit.Forgive("192.0.2.1");

        Assert.Equal(100, lookedAt);
        Assert.True(limit.TryEnter("192.0.2.1"));
        Assert.False(limit.TryEnter("192.0.2.1"));
        Assert.True(limit.TryEnter("192.0.2.2"));
    }

    [Fact]
    public async Task After_many_failed_tries_an_address_has_to_wait_and_who_is_known_has_not()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using RunningServer server = await StartAsync(clock, static options => options, "ann=admin", "bob=admin", "eve=admin");
        await ReadAsync(server, "pw-ann");
        server.AddFailedLogins(98);
        Assert.Equal(403, (await ReadAsync(server, "wrong")).Status);
        Assert.Equal(404, (await ReadAsync(server, "pw-eve", "eve")).Status);

        Assert.Equal(403, (await ReadAsync(server, "wrong")).Status);

        Assert.Equal(404, (await ReadAsync(server, "pw-ann")).Status);
        Assert.Equal(403, (await ReadAsync(server, "pw-bob", "bob")).Status);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(404, (await ReadAsync(server, "pw-bob", "bob")).Status);
    }

    [Fact]
    public void A_signature_of_another_key_and_a_spoiled_token_are_told_apart()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var tokens = new LoginTokens(new byte[32], TimeSpan.FromMinutes(1), clock);
        string token = tokens.Make("ann");
        string[] parts = token.Split('.');

        Assert.Equal((LoginOutcome.Accepted, "ann", 60), tokens.Read(token));
        Assert.Equal(LoginOutcome.WrongSignature, new LoginTokens([1, .. new byte[31]], TimeSpan.FromMinutes(1), clock).Read(token).Outcome);
        Assert.Equal(LoginOutcome.WrongSignature, tokens.Read(token[..^3]).Outcome);
        Assert.Equal(LoginOutcome.MalformedToken, tokens.Read("abc").Outcome);
        Assert.Equal(LoginOutcome.MalformedToken, tokens.Read($"{parts[0]}.{parts[1]}.").Outcome);
        Assert.Equal(LoginOutcome.UnsupportedAlgorithm, tokens.Read("a.b.c").Outcome);
        Assert.Equal(LoginOutcome.UnsupportedAlgorithm, tokens.Read($"eyJhbGciOiJub25lIn0.{parts[1]}.{parts[2]}").Outcome);
    }

    [Fact]
    public void A_password_is_hashed_with_a_hundred_thousand_iterations_unless_a_test_changes_it()
    {
        File.WriteAllText(_passwords, "ann=pw\n");

        Assert.Equal(100_000, Read("--user", "ann=admin", "--password-file", _passwords).PasswordIterations);
        Assert.True(new PasswordHash("pw", 10).Matches("pw"));
        Assert.False(new PasswordHash("pw", 10).Matches("pw "));
        Assert.False(PasswordHash.Unmatched(10).Matches("pw"));
    }

    [Theory]
    [InlineData("ann", "'ann' is not NAME=right")]
    [InlineData("ann=owner", "'owner' is not admin, readwrite or read")]
    [InlineData("ann=admin@dev", "admin applies to all namespaces")]
    public void A_malformed_user_is_refused(string user, string reason)
    {
        OptionsException error = Assert.Throws<OptionsException>(() => Read("--user", user, "--password-file", _passwords));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Users_need_passwords_and_passwords_need_users()
    {
        Assert.Contains("has no password", Assert.Throws<OptionsException>(() => Read("--user", "ann=admin")).Message, StringComparison.Ordinal);
        Assert.Contains("--user", Assert.Throws<OptionsException>(() => Read("--password-file", _passwords)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Passwords_come_from_standard_input_beside_the_secret_key()
    {
        string[] arguments = ["--access-key", "ak", "--user", "ann=admin", "--secrets-from-stdin"];

        ServerOptions options = OptionsReader.Read(arguments, new Dictionary<string, string>(), Path.GetTempPath(), () => new MemoryStream("secret-key=sk\nann=pw=1\n\n"u8.ToArray()));

        Assert.Equal(("sk", "pw=1"), (options.SecretKey, options.Passwords["ann"]));
    }

    [Fact]
    public async Task Where_only_users_may_do_something_the_acm_calls_refuse_everybody()
    {
        await using RunningServer server = await StartAsync("ann=admin");

        Assert.Equal((403, 403), ((await server.GetAsync("a")).Status, (await server.PublishAsync("a", "x")).Status));
    }

    [Fact]
    public void With_users_the_server_may_listen_on_every_address()
    {
        File.WriteAllText(_passwords, "ann=pw\n");

        Assert.Equal("ann", Read("--user", "ann=admin", "--password-file", _passwords, "--urls", "http://0.0.0.0:8848").Users.Single().Name);
    }

    private static ServerOptions Read(params string[] arguments) => OptionsReader.Read(arguments, new Dictionary<string, string>(), Path.GetTempPath(), () => throw new InvalidOperationException("Standard input was opened."));

    private static Task<RawResponse> ReadAsync(RunningServer server, string password, string user = "ann") =>
        RawHttp.GetAsync(server.Uri, $"/nacos/v1/cs/configs?dataId=absent&group=g&username={user}&password={password}");

    private static async Task<string> LoginAsync(RunningServer server, string user)
    {
        RawResponse answer = await RawHttp.PostAsync(server.Uri, $"/nacos/v1/auth/login?username={user}&password=pw-{user}", "");
        using var document = JsonDocument.Parse(answer.Body);
        return document.RootElement.GetProperty("accessToken").GetString()!;
    }

    private Task<RunningServer> StartAsync(params string[] users) => StartAsync(TimeProvider.System, static options => options, users);

    private Task<RunningServer> StartAsync(TimeProvider clock, Func<ServerOptions, ServerOptions> change, params string[] users)
    {
        File.WriteAllLines(_passwords, users.Select(user => user.Split('=')[0]).Select(name => $"{name}=pw-{name}"));
        return RunningServer.StartAsync(options => change(options) with { Users = [.. users.Select(UserEntry.Parse)], PasswordFile = _passwords }, clock);
    }
}
