using System.Collections;
using Acm.Server.Options;

namespace Acm.Tests.Server;

public sealed class OptionsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("acm-options-").FullName;

    [Fact]
    public void Without_options_it_listens_on_the_port_of_address_servers_on_loopback()
    {
        ServerOptions options = Read();

        Assert.Equal(ListenAddress.Parse("http://127.0.0.1:8080"), Assert.Single(options.Addresses));
        Assert.Equal("acm-server.db", options.DataFile);
        Assert.Equal((null, 102_400), (options.AccessKey, options.MaxContentBytes));
    }

    [Fact]
    public void The_command_line_comes_before_the_environment_and_that_before_the_settings()
    {
        Settings("""{ "AcmServer": { "latencyMs": 1, "maxContentBytes": 1, "maxReadsPerSecond": 1 }, "Logging": {} }""");
        var environment = new Hashtable { ["ACM_SERVER_LATENCY_MS"] = "2", ["ACM_SERVER_MAX_CONTENT_BYTES"] = "2" };

        ServerOptions options = Read(environment, "--latency-ms=3");

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

        Assert.Throws<OptionsException>(() => Read());
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
        OptionsReader.Read(arguments, environment ?? [], _folder);

    private void Settings(string json) => File.WriteAllText(Path.Combine(_folder, "appsettings.json"), json);
}
