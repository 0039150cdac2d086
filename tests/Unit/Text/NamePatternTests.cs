using Acm.Client.Text;

namespace Acm.Tests.Text;

public sealed class NamePatternTests
{
    [Theory]
    [InlineData("*", "", true)]
    [InlineData("*", "app.yaml", true)]
    [InlineData("app.yaml", "app.yaml", true)]
    [InlineData("app.yaml", "app.yamlx", false)]
    [InlineData("app*", "app", true)]
    [InlineData("*.yaml", "a.yaml.yaml", true)]
    [InlineData("a*b*c", "aXbYc", true)]
    [InlineData("a*b*c", "aXcYb", false)]
    [InlineData("app_1", "appx1", false)]
    [InlineData("app?1", "app_1", true)]
    [InlineData("app?", "app", false)]
    [InlineData("App*", "app", false)]
    [InlineData("a%", "ab", false)]
    [InlineData("", "a", false)]
    public void A_pattern_matches_a_name(string pattern, string name, bool expected) => Assert.Equal(expected, NamePattern.Matches(pattern, name));
}
