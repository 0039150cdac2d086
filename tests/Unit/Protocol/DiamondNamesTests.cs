using Acm.Client;
using Acm.Client.Protocol;

namespace Acm.Tests.Protocol;

public sealed class DiamondNamesTests
{
    [Theory]
    [InlineData("app.yml")]
    [InlineData("a-b_c.d:e")]
    [InlineData("...")]
    public void A_name_of_the_allowed_characters_is_taken(string name)
    {
        Exception? error = Record.Exception(() => new NameRules(allowUnicode: false).Check(new ConfigKey(name, name)));

        Assert.Null(error);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData(".", "folder")]
    [InlineData("..", "folder")]
    [InlineData("a/b", "'/' (U+002F) at position 2")]
    [InlineData("a\\b", "'\\' (U+005C) at position 2")]
    [InlineData("a b", "U+0020 at position 2")]
    [InlineData(" a", "U+0020 at position 1")]
    [InlineData("a\0", "U+0000 at position 2")]
    [InlineData("a+b", "'+' (U+002B) at position 2")]
    [InlineData("中", "'中' (U+4E2D) at position 1")]
    [InlineData("a😀", "'😀' (U+1F600) at position 2")]
    [InlineData("a*", "'*' (U+002A) at position 2")]
    public void A_name_that_breaks_the_rules_is_an_error_that_says_where(string name, string expected)
    {
        var names = new NameRules(allowUnicode: false);

        AcmException asDataId = Assert.Throws<AcmException>(() => names.Check(new ConfigKey(name)));
        AcmException asGroup = Assert.Throws<AcmException>(() => names.Check(new ConfigKey("a", name)));

        Assert.Equal(AcmErrorKind.InvalidKey, asDataId.Kind);
        Assert.Contains("data id", asDataId.Message, StringComparison.Ordinal);
        Assert.Contains(expected, asDataId.Message, StringComparison.Ordinal);
        Assert.Contains("group", asGroup.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lengths_are_counted_in_bytes()
    {
        var names = new NameRules(allowUnicode: true);

        names.Check(new ConfigKey(new string('a', 256), new string('g', 128)));
        AcmException dataId = Assert.Throws<AcmException>(() => names.Check(new ConfigKey(new string('中', 86))));
        AcmException group = Assert.Throws<AcmException>(() => names.Check(new ConfigKey("a", new string('g', 129))));

        Assert.Contains("258 bytes", dataId.Message, StringComparison.Ordinal);
        Assert.Contains("129 bytes", group.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("public")]
    [InlineData("[default]")]
    public void The_names_of_the_blank_namespace_are_one_thing(string name)
    {
        string wire = new NameRules(allowUnicode: false).CheckNamespace(name);

        Assert.Equal("", wire);
    }

    [Theory]
    [InlineData("/../")]
    [InlineData("..")]
    [InlineData("a b")]
    public void S4_a_namespace_is_checked_like_any_name(string name)
    {
        AcmException error = Assert.Throws<AcmException>(() => new NameRules(allowUnicode: false).CheckNamespace(name));

        Assert.Equal(AcmErrorKind.InvalidKey, error.Kind);
    }
}
