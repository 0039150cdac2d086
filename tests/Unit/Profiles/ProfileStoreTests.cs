using System.ComponentModel;
using System.Text;
using System.Text.Json;
using Acm.Client;
using Acm.Client.Profiles;
using Acm.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Profiles;

public sealed class ProfileStoreTests : IDisposable
{
    private readonly TemporaryFiles _files = new();

    private string FilePath => Path.Combine(_files.Path, "config", "Acm", "profiles.json");

    private ProfileStore Store => new(FilePath, new FakeTimeProvider(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero)), protection: null);

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Where_there_is_no_file_there_are_no_profiles_and_none_is_made_by_reading()
    {
        Assert.Empty(Store.Read().Profiles);
        Assert.False(Directory.Exists(Path.GetDirectoryName(FilePath)));
    }

    [Fact]
    public void What_is_set_is_read_back()
    {
        Store.Update(file =>
        {
            StoredProfile profile = file.Add("prod");
            profile.Set("endpoint", "acm.example");
            profile.Set("useTls", true);
            profile.Set("timeoutSec", 2.5);
            profile.Set("servers", ["a", "b"]);
            profile.SetSecret("secretKey", "s3cr3t \" \u5bc6");
            file.Default = "prod";
        });

        ProfileFile read = Store.Read();
        StoredProfile prod = Assert.Single(read.Profiles);

        Assert.Equal("prod", read.Default);
        Assert.Equal("acm.example", prod.Endpoint);
        Assert.Equal(true, prod.Switch("useTls"));
        Assert.Equal(2.5, prod.Number("timeoutSec"));
        Assert.Equal(["a", "b"], prod.Texts("servers")!);
        Assert.Equal("s3cr3t \" \u5bc6", prod.Secret("secretKey"));
        Assert.Equal(["secretKey"], prod.SecretNames);
        Assert.Equal(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero), prod.Updated);
        Assert.Null(prod.Text("missing"));
    }

    [Theory]
    [InlineData("{\n  \"version\": 1,\n  \"profiles\": {\n", 4)]
    [InlineData("{\n  \"version\": 1,\n  \"profiles\": {},,\n}", 3)]
    [InlineData("", 1)]
    [InlineData("[]", 1)]
    [InlineData("{ \"version\": 1 }", 1)]
    [InlineData("{\n\"version\": 1,\n\"profiles\":\n[] }", 3)]
    [InlineData("{\n\"profiles\": {},\n\"version\": \"1\" }", 3)]
    [InlineData("{\n\"version\": 2, \"profiles\": {} }", 2)]
    [InlineData("{\"version\": 1,\n\"default\": 5, \"profiles\": {} }", 2)]
    [InlineData("{\"version\": 1, \"profiles\": {\n\"a\": {},\n\"b\": 1 } }", 3)]
    [InlineData("{\"version\": 1, \"profiles\": {\n\"a\": {},\n\"a\": {} } }", 3)]
    [InlineData("{\"version\": 1, \"profiles\": {\n\"a\": {\n\"secrets\": {\n\"x\": \"y\" } } } }", 4)]
    [InlineData("{\"version\": 1, \"profiles\": {\n\"a\": { \"endpoint\":\n \"\\ud800\" } } }", 3)]
    public void A_damaged_file_is_an_error_that_names_the_line_and_is_never_overwritten(string text, int line)
    {
        _files.Write("config/Acm/profiles.json", text);

        var read = Assert.Throws<AcmException>(() => Store.Read());
        var update = Assert.Throws<AcmException>(() => Store.Update(file => file.Add("new")));

        Assert.Equal(AcmErrorKind.InvalidProfile, read.Kind);
        Assert.EndsWith($", on line {line}.", read.Message, StringComparison.Ordinal);
        Assert.Equal(read.Message, update.Message);
        Assert.Equal(text, File.ReadAllText(FilePath));
    }

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_damage_of_their_line()
    {
        _files.Write("config/Acm/profiles.json", [.. "{\n\"version\": 1,\n\"x\": \""u8, 0xD6, 0xD0, .. "\"}"u8]);

        var error = Assert.Throws<AcmException>(() => Store.Read());

        Assert.EndsWith("on line 3.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_type_is_an_error_that_names_its_line_and_shows_no_value()
    {
        _files.Write("config/Acm/profiles.json", "{ \"version\": 1, \"profiles\": { \"a\": {\n\"n\": [\n\"x\", 7],\n\"useTls\": \"s3cr3t\",\n\"timeoutSec\": true } } }");
        StoredProfile profile = Store.Read().Profiles[0];

        Assert.EndsWith("on line 2.", Assert.Throws<AcmException>(() => profile.Texts("n")).Message, StringComparison.Ordinal);
        var wrong = Assert.Throws<AcmException>(() => profile.Switch("useTls"));
        Assert.EndsWith("on line 4.", wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", wrong.Message, StringComparison.Ordinal);
        Assert.EndsWith("on line 5.", Assert.Throws<AcmException>(() => profile.Number("timeoutSec")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_is_no_damage()
    {
        _files.Write("config/Acm/profiles.json", "\ufeff{ \"version\": 1, \"profiles\": { \"a\": {} } }");

        Assert.Single(Store.Read().Profiles);
    }

    [Fact]
    public void Fields_that_this_version_does_not_know_survive_an_update()
    {
        _files.Write("config/Acm/profiles.json", """
            { "version": 1, "later": [1, {"x": null}], "profiles": { "a": { "endpoint": "h", "colour": "\u7ea2", "nested": {"b": 1.50} } } }
            """);

        Store.Update(file => file.Find("a")!.Set("unitName", "u"));

        JsonElement root = JsonDocument.Parse(File.ReadAllText(FilePath)).RootElement;
        Assert.Equal("[1,{\"x\":null}]", root.GetProperty("later").GetRawText().ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal));
        JsonElement profile = root.GetProperty("profiles").GetProperty("a");
        Assert.Equal("\u7ea2", profile.GetProperty("colour").GetString());
        Assert.Equal("1.50", profile.GetProperty("nested").GetProperty("b").GetRawText());
        Assert.Equal("u", profile.GetProperty("unitName").GetString());
    }

    [Fact]
    public void An_update_that_changes_nothing_writes_nothing()
    {
        Store.Update(file => file.Add("a").Set("endpoint", "h"));
        byte[] before = File.ReadAllBytes(FilePath);
        File.SetLastWriteTimeUtc(FilePath, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Store.Update(file => file.Find("a")!.Set("endpoint", "h"));

        Assert.Equal(before, File.ReadAllBytes(FilePath));
        Assert.Equal(2001, File.GetLastWriteTimeUtc(FilePath).Year);
    }

    [Fact]
    public void A_change_that_throws_leaves_the_file_as_it_was()
    {
        Store.Update(file => file.Add("a"));
        string before = File.ReadAllText(FilePath);

        Assert.Throws<InvalidOperationException>(() => Store.Update(file =>
        {
            file.Add("b");
            throw new InvalidOperationException();
        }));

        Assert.Equal(before, File.ReadAllText(FilePath));
        Assert.Equal([".profiles.json.lock", "profiles.json"], Directory.GetFiles(Path.GetDirectoryName(FilePath)!).Select(f => Path.GetFileName(f)!).Order());
    }

    [Fact]
    public async Task R23_Many_that_add_at_once_lose_nothing()
    {
        const int Writers = 8;
        const int Each = 10;

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() =>
        {
            for (int i = 0; i < Each; i++)
            {
                string name = $"p{writer}-{i}";
                Store.Update(file => file.Add(name));
            }
        })));

        Assert.Equal(Writers * Each, Store.Read().Profiles.Count);
    }

    [Fact]
    public void A_link_to_the_file_stays_one()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        Store.Update(file => file.Add("a"));
        string link = Path.Combine(_files.Path, "link.json");
        File.CreateSymbolicLink(link, FilePath);

        new ProfileStore(link).Update(file => file.Add("b"));

        Assert.NotNull(new FileInfo(link).LinkTarget);
        Assert.Equal(2, Store.Read().Profiles.Count);
    }

    [Fact]
    public void Names_are_compared_ordinally_and_removing_the_default_leaves_none()
    {
        Store.Update(file =>
        {
            file.Add("prod");
            file.Add("Prod");
            file.Default = "prod";
        });

        Store.Update(file => Assert.True(file.Remove("prod")));

        ProfileFile read = Store.Read();
        Assert.Null(read.Find("PROD"));
        Assert.Null(read.Find("prod"));
        Assert.NotNull(read.Find("Prod"));
        Assert.Null(read.Default);
    }

    [Fact]
    public void A_secret_takes_the_form_that_the_platform_has_and_another_platforms_form_is_a_clear_error()
    {
        var reversing = new ReversingProtection();
        new ProfileStore(FilePath, null, reversing).Update(file => file.Add("a").SetSecret("secretKey", "s3cr3t"));

        StoredProfile here = new ProfileStore(FilePath, null, reversing).Read().Profiles[0];
        StoredProfile elsewhere = Store.Read().Profiles[0];

        Assert.Equal("s3cr3t", here.Secret("secretKey"));
        Assert.DoesNotContain("s3cr3t", File.ReadAllText(FilePath), StringComparison.Ordinal);
        var error = Assert.Throws<AcmException>(() => elsewhere.Secret("secretKey"));
        Assert.Equal(AcmErrorKind.InvalidProfile, error.Kind);
        Assert.Contains("'secretKey' in", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_that_another_user_protected_is_a_clear_error()
    {
        new ProfileStore(FilePath, null, new ReversingProtection()).Update(file => file.Add("a").SetSecret("secretKey", "s3cr3t"));
        StoredProfile profile = new ProfileStore(FilePath, null, new ReversingProtection { Fails = true }).Read().Profiles[0];

        var error = Assert.Throws<AcmException>(() => profile.Secret("secretKey"));

        Assert.Contains("another user or another machine", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_in_the_files_place_is_a_storage_error_not_an_empty_store()
    {
        Directory.CreateDirectory(FilePath);

        Assert.Equal(AcmErrorKind.StorageFailed, Assert.Throws<AcmException>(() => Store.Read()).Kind);
        Assert.Equal(AcmErrorKind.StorageFailed, Assert.Throws<AcmException>(() => Store.Update(file => file.Add("a"))).Kind);
    }

    private sealed class ReversingProtection : ISecretProtection
    {
        public bool Fails { get; init; }

        public string Name => "reversed";

        public string Protect(string secret) => Convert.ToBase64String([.. Encoding.UTF8.GetBytes(secret).Reverse()]);

        public string Unprotect(string stored) => Fails ? throw new Win32Exception(13) : Encoding.UTF8.GetString([.. Convert.FromBase64String(stored).Reverse()]);
    }
}
