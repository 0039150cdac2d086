using Acm.Client;
using Acm.Client.Text;

namespace Acm.Tests.Text;

/// <summary>Cleaning of text from servers, files and archives.</summary>
public sealed class ForeignTextTests
{
    [Theory]
    [InlineData("plain text, 中文 and 😀 stay: a:b::c 50%", "plain text, 中文 and 😀 stay: a:b::c 50%")]
    [InlineData("a\u001b[31mb", "a\uFFFD[31mb")]
    [InlineData("a\u202Eb\u2066c\u200Fd\u061Ce", "a\uFFFDb\uFFFDc\uFFFDd\uFFFDe")]
    [InlineData("a\u009Bb\u007Fc\0d", "a\uFFFDb\uFFFDc\uFFFDd")]
    [InlineData("a\r\nb\nc\rd\u2028e\u2029f\u0085g\th", "a b c d e f g h")]
    [InlineData("a\u200Bb\uFEFFc\u00ADd", "a\uFFFDb\uFFFDc\uFFFDd")]
    [InlineData("tag \U000E0041.", "tag \uFFFD.")]
    [InlineData("##vso[task.setvariable variable=PATH]x", "# #vso[task.setvariable variable=PATH]x")]
    [InlineData("key '##VSO[x]' and ##[error]", "key '# #VSO[x]' and # #[error]")]
    [InlineData("###[error]", "## #[error]")]
    [InlineData("## a heading", "## a heading")]
    [InlineData("::set-env name=A::b", ": :set-env name=A::b")]
    [InlineData("  ::stop-commands::x", "  : :stop-commands::x")]
    [InlineData("first\n::error::x", "first : :error::x")]
    [InlineData("Service:::provider", "Service:::provider")]
    [InlineData(":::x", ": : :x")]
    [InlineData("::1 and [::1]:8848", "::1 and [::1]:8848")]
    [InlineData(null, "")]
    public void One_line_is_left_that_commands_nothing(string? text, string expected)
    {
        string cleaned = ForeignText.Clean(text);

        Assert.Equal(expected, cleaned);
        Assert.Equal(expected, ForeignText.Clean(cleaned));
    }

    // An attribute cannot contain an unpaired surrogate.
    [Fact]
    public void Half_of_a_surrogate_pair_is_replaced() => Assert.Equal("half \uFFFD of a pair \uFFFD", ForeignText.Clean("half \uD83D of a pair \uDE00"));

    [Fact]
    public void Lines_and_tabs_are_kept_where_the_text_has_lines() =>
        Assert.Equal("a\tb\nc\n: :error::x\n# #vso[y]\n\uFFFD[2J", ForeignText.CleanLines("a\tb\r\nc\n::error::x\r##vso[y]\n\u001b[2J"));

    [Theory]
    [InlineData(300)]
    [InlineData(301)]
    [InlineData(1_000_000)]
    public void A_long_text_is_cut(int length)
    {
        string cleaned = ForeignText.Clean(new string('a', length));

        Assert.Equal(ForeignText.MaxLength, cleaned.Length);
        Assert.Equal(length > ForeignText.MaxLength, cleaned.EndsWith('…'));
    }

    [Theory]
    [InlineData(12)]
    [InlineData(13)]
    public void A_cut_leaves_no_half_of_a_pair(int length) => Assert.Matches("^(😀)+…$", ForeignText.Clean(string.Concat(Enumerable.Repeat("😀", 200)), length));

    [Fact]
    public void An_error_of_the_engine_is_one_clean_line_whatever_it_was_made_of()
    {
        var error = new AcmException(AcmErrorKind.InvalidContent, "The key '\u202E' is not valid.\n##vso[task.complete]") { Advice = "See\u001b[2J\n::error::x" };

        Assert.Equal("The key '\uFFFD' is not valid. # #vso[task.complete]", error.Message);
        Assert.Equal("See\uFFFD[2J : :error::x", error.Advice);
    }
}
