using System.Collections;
using System.Text;
using Acm.Server.Options;

namespace Acm.Tests.Server;

public sealed class OptionsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("acm-options-").FullName;

    [Fact]
    public void Without_options_it_listens_on_a_free_port_of_loopback_and_with_keys_on_that_of_address_servers()
    {
        ServerOptions options = Read();
        ServerOptions withKeys = Read(new Hashtable { ["ACM_SERVER_SECRET_KEY"] = "s" }, "--access-key", "a");

        Assert.Equal(ListenAddress.Parse("http://127.0.0.1:0"), Assert.Single(options.Addresses));
        Assert.Equal(ListenAddress.Parse("http://127.0.0.1:8080"), Assert.Single(withKeys.Addresses));
        Assert.Equal("acm-server.db", options.DataFile);
        Assert.Equal((null, null), (options.AccessKey, options.MaxContentBytes));
    }

    [Fact]
    public void The_command_line_comes_before_the_environment_and_that_before_the_settings()
    {
        Settings("""{ "AcmServer": { "latencyMs": 1, "maxContentBytes": 1, "maxReadsPerSecond": 1 }, "Logging": {} }""");
        var environment = new Hashtable { ["ACM_SERVER_LATENCY_MS"] = "2", ["ACM_SERVER_MAX_CONTENT_BYTES"] = "2" };

        ServerOptions options = Read(environment, "--latency-ms=3", "--settings", "settings.json");

        Assert.Equal((3, 2, 1), ((int)options.Latency.TotalMilliseconds, options.MaxContentBytes, options.MaxReadsPerSecond));
    }

    [Fact]
    public void A_nearer_source_overrules_the_alternative_in_a_farther_one()
    {
        var environment = new Hashtable { ["ACM_SERVER_DATA"] = "file", ["ACM_SERVER_SECRET_KEY"] = "far" };
        string file = Path.Combine(_folder, "secret");
        File.WriteAllText(file, "near\n");

        ServerOptions options = Read(environment, "--in-memory", "--access-key", "ak", "--secret-key-file", file);

        Assert.Equal((null, "near"), (options.DataFile, options.SecretKey));
    }

    [Fact]
    public void Lists_may_be_given_in_one_or_in_several()
    {
        ServerOptions options = Read(null, "--unit", "a,b", "--unit", "c", "--urls", "http://127.0.0.1:1;http://[::1]:2/");

        Assert.Equal(["a", "b", "c"], options.Units);
        Assert.Equal([1, 2], options.Addresses.Select(address => address.Port));
    }

    [Fact]
    public void Keys_or_permission_open_other_addresses()
    {
        ServerOptions withKeys = Read(new Hashtable { ["ACM_SERVER_SECRET_KEY"] = "s" }, "--access-key", "a", "--urls", "http://0.0.0.0:1");
        ServerOptions permitted = Read(null, "--allow-anonymous", "--urls", "http://0.0.0.0:1");

        Assert.Equal((1, 1), (withKeys.Addresses.Count, permitted.Addresses.Count));
    }

    [Theory]
    [InlineData("--data", "x", "--in-memory")]
    [InlineData("--access-key", "x", "--secret-key", "y", "--secret-key-file", "z")]
    [InlineData("--latency-ms", "1", "--latency-ms", "2")]
    [InlineData("--latency-ms")]
    [InlineData("--in-memory=perhaps")]
    [InlineData("stray")]
    [InlineData("--urls", "http://example.com:80")]
    [InlineData("--urls", "http://127.0.0.1:70000")]
    [InlineData("--settings", "absent.json")]
    public void Contradictions_and_nonsense_are_refused(params string[] arguments) =>
        Assert.Throws<OptionsException>(() => Read(null, arguments));

    [Theory]
    [InlineData("""{ "AcmServer": { "nonsense": 1 } }""")]
    [InlineData("""{ "AcmServer": 1 }""")]
    [InlineData("{")]
    public void Settings_that_mean_nothing_are_refused(string json)
    {
        Settings(json);

        Assert.Throws<OptionsException>(() => Read(null, "--settings", "settings.json"));
    }

    [Fact]
    public void Settings_of_the_current_folder_that_nobody_named_open_nothing_and_are_told()
    {
        File.WriteAllText(
            Path.Combine(_folder, "appsettings.json"),
            """{ "AcmServer": { "allowAnonymous": true, "urls": "http://0.0.0.0:1", "data": "/other", "allowUnsignedPolls": true } }""");

        ServerOptions options = Read();

        Assert.Equal([ServerOptions.FreePort], options.Addresses);
        Assert.Equal(("acm-server.db", false), (options.DataFile, options.AllowUnsignedPolls));
        Assert.Contains("--settings", Assert.Single(options.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_key_comes_over_standard_input_up_to_a_blank_line()
    {
        ServerOptions options = ReadInput("\ufeffsecret-key=sk=密钥\n\nmore=1\n");

        Assert.Equal("sk=密钥", options.SecretKey);
        Assert.Empty(options.Warnings);
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret-key=\n")]
    [InlineData("hidden\n")]
    [InlineData("other=hidden\n")]
    [InlineData("secret-key=hidden\nsecret-key=hidden\n")]
    [InlineData("secret-key=hidden\n", "--secret-key", "hidden")]
    public void Other_lines_on_standard_input_are_refused_and_not_shown(string input, params string[] more)
    {
        OptionsException error = Assert.Throws<OptionsException>(() => ReadInput(input, more));

        Assert.DoesNotContain("hidden", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Standard_input_is_not_read_unless_an_option_says_so() => Assert.Equal("", Read().SecretKey);

    [Fact]
    public void A_file_with_a_secret_that_others_can_read_is_a_warning()
    {
        if (OperatingSystem.IsWindows()) return;

        string file = Path.Combine(_folder, "secret");
        File.WriteAllText(file, "hidden\n");
        File.SetUnixFileMode(file, (UnixFileMode)Convert.ToInt32("644", 8));

        ServerOptions open = Read(null, "--access-key", "ak", "--secret-key-file", file);
        File.SetUnixFileMode(file, (UnixFileMode)Convert.ToInt32("600", 8));
        ServerOptions closed = Read(null, "--access-key", "ak", "--secret-key-file", file);

        Assert.Contains("chmod 600", Assert.Single(open.Warnings), StringComparison.Ordinal);
        Assert.Empty(closed.Warnings);
    }

    [Fact]
    public void Hosts_that_are_advertised_are_allowed_beside_those_that_are_named()
    {
        ServerOptions options = Read(null, "--advertise", "one.example:80,[::2]:81", "--allowed-host", "two.example");

        Assert.Equal(["two.example", "one.example", "[::2]"], options.AllowedHosts);
    }

    [Fact]
    public void More_connections_than_the_process_may_open_files_are_lowered_and_told()
    {
        if (OperatingSystem.IsWindows()) return;

        ServerOptions options = Read(null, "--max-connections", "2000000000");

        Assert.True(options.MaxConnections < 2_000_000_000);
        Assert.Contains("ulimit", Assert.Single(options.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_variable_is_a_warning_that_does_not_show_its_value()
    {
        ServerOptions options = Read(new Hashtable { ["ACM_SERVER_SECRET"] = "hidden" });

        string warning = Assert.Single(options.Warnings);
        Assert.Contains("ACM_SERVER_SECRET", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", warning, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ServerOptions Read(Hashtable? environment = null, params string[] arguments) =>
        OptionsReader.Read(arguments, environment ?? [], _folder, () => throw new InvalidOperationException("Standard input was opened."));

    private ServerOptions ReadInput(string input, params string[] more) => OptionsReader.Read(
        ["--access-key", "ak", "--secrets-from-stdin", .. more],
        new Hashtable(),
        _folder,
        () => new MemoryStream(Encoding.UTF8.GetBytes(input)));

    private void Settings(string json) => File.WriteAllText(Path.Combine(_folder, "settings.json"), json);
}
