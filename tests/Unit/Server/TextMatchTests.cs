using Acm.Server.Storage;

namespace Acm.Tests.Server;

public sealed class TextMatchTests
{
    [Theory]
    [InlineData("app*", "app.yaml", true)]
    [InlineData("*.yaml", "app.yaml", true)]
    [InlineData("a*l", "app.yaml", true)]
    [InlineData("*", "", true)]
    [InlineData("a%l", "app.yaml", true)]
    [InlineData("app_1", "appX1", true)]
    [InlineData("app_1", "app1", false)]
    [InlineData("app", "app.yaml", false)]
    [InlineData("APP*", "app.yaml", false)]
    [InlineData("app?yaml", "app.yaml", false)]
    [InlineData(@"app\_1", "app_1", false)]
    [InlineData("*a*b*", "xxaxxbxx", true)]
    [InlineData("*a*b", "xxaxxbxx", false)]
    [InlineData("*line1\nline2*", "x line1\nline2 x", true)]
    public void A_pattern_is_that_of_LIKE_with_stars(string pattern, string text, bool matches) =>
        Assert.Equal(matches, TextMatch.Like(pattern).Matches(text));

    [Theory]
    [InlineData("*alpha*", "an alpha", false)]
    [InlineData("%alpha", "an alpha", true)]
    [InlineData("*%", "*x", true)]
    public void A_star_may_be_a_character_like_any_other(string pattern, string text, bool matches) =>
        Assert.Equal(matches, TextMatch.LikeWithoutStar(pattern).Matches(text));

    [Fact]
    public void A_long_text_of_near_misses_is_matched_in_time() =>
        Assert.False(TextMatch.Like(string.Concat(Enumerable.Repeat("*a", 40)) + "b").Matches(new string('a', 20_000)));
}
