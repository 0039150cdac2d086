using Acm.Client.Profiles;
using Acm.Tests.Support;

namespace Acm.Tests.Profiles;

public sealed class ProfileNameTests
{
    [Theory]
    [InlineData("prod")]
    [InlineData("[default]")]
    [InlineData("ea61357b-d417-460c-92e4-032677dd8153")]
    [InlineData("\u751f\u4ea7 1")]
    public void These_are_names(string name) => Assert.Null(ProfileName.Fault(name));

    [Theory]
    [InlineData("")]
    [InlineData("a:b")]
    [InlineData("a*")]
    [InlineData("a?")]
    [InlineData(" a")]
    [InlineData("a\n")]
    public void These_are_not(string name) => Assert.NotNull(ProfileName.Fault(name));

    [Fact]
    public void A_name_has_an_end() => Assert.NotNull(ProfileName.Fault(new string('x', 129)));

    [Theory]
    [InlineData("h", "prod", "", "prod")]
    [InlineData("h", "", "", "[default]")]
    [InlineData("h", "public", "", "[default]")]
    [InlineData("h", "prod", "prod", "h-prod")]
    [InlineData("https://h:8443", "", "[default]", "https---h-8443-[default]")]
    [InlineData("h", "prod", "prod h-prod", null)]
    public void Without_a_name_a_profile_gets_that_of_its_namespace_else_of_both(string endpoint, string @namespace, string taken, string? expected) =>
        Assert.Equal(expected, ProfileName.For(endpoint, @namespace, name => taken.Split(' ').Contains(name)));

    [Theory]
    [InlineData("prod", "prod")]
    [InlineData("Prod", "")]
    [InlineData("h:8080:ns-1", "prod")]
    [InlineData("h:8080:[default]", "blank")]
    [InlineData("h:8080:public", "blank")]
    [InlineData("h:8080:", "blank")]
    [InlineData("h:8080", "")]
    [InlineData("h:ns:with:colons", "colons")]
    [InlineData("acm.aliyun.com:cloud-ns", "cloud")]
    [InlineData("cloud-ns", "cloud")]
    [InlineData("[default]", "taken")]
    [InlineData("twice:", "twice-1 twice-2")]
    [InlineData("nothing", "")]
    public void A_profile_is_found_by_name_or_by_endpoint_and_namespace(string text, string expected)
    {
        using var files = new TemporaryFiles();
        var store = new ProfileStore(Path.Combine(files.Path, "p.json"));
        store.Update(file =>
        {
            foreach ((string name, string endpoint, string space) in new[]
            {
                ("prod", "h:8080", "ns-1"), ("blank", "h:8080", "[default]"), ("colons", "h", "ns:with:colons"), ("cloud", "acm.aliyun.com", "cloud-ns"),
                ("[default]", "other", "x"), ("taken", "acm.aliyun.com", ""), ("twice-1", "twice", ""), ("twice-2", "twice", "public"),
            })
            {
                StoredProfile profile = file.Add(name);
                profile.Set("endpoint", endpoint);
                profile.Set("namespace", space);
            }

            // A profile name has precedence over the namespace of the same name.
            if (text == "[default]") file.Remove("[default]");
        });

        Assert.Equal(expected, string.Join(" ", store.Read().Resolve(text)));
    }
}
