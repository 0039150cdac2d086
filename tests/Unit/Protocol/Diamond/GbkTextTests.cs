using System.Security.Cryptography;
using System.Text;
using Acm.Client;
using Acm.Client.Protocol.Diamond;
using Acm.Client.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Acm.Tests.Protocol.Diamond;

public sealed class GbkTextTests
{
    // Section 11.2 of the protocol page.
    [Theory]
    [InlineData("hello", "68656c6c6f", "5d41402abc4b2a76b9719d911017c592")]
    [InlineData("中文", "d6d0cec4", "bcce109775e8e1972e9f5fcda3e12895")]
    [InlineData("test中文", "74657374d6d0cec4", "5cd914f0368da5d45cfc6fe9d00299e8")]
    [InlineData("a=1\r\nb=2\r\n", "613d310d0a623d320d0a", "439a96f5ff697754ac595ea9b9e97076")]
    [InlineData("a=1\nb=2\n", "613d310a623d320a", "f1767ed2543a1c497682179be466c287")]
    [InlineData("繁體", "b7b1f377", "449bcad9fd0a1330a6258c8b95568c9b")]
    [InlineData("Hi，欢迎试用 ACM Node.js SDK", "4869a3acbbb6d3adcad4d3c32041434d204e6f64652e6a732053444b", "5a139eb824e114f0569badd877f2a3c9")]
    [InlineData("", "", "d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("é", "a8a6", null)]
    [InlineData("⊕", "a892", null)]
    public void A_vector_encodes_to_its_bytes_and_back(string text, string hex, string? md5)
    {
        byte[] bytes = GbkContent.Encode(text, allowEuroSign: false);
        bool decoded = GbkText.TryDecode(bytes, out string back, out string problem);

        Assert.Equal(hex, Convert.ToHexStringLower(bytes));
        if (md5 is not null) Assert.Equal(md5, Convert.ToHexStringLower(MD5.HashData(bytes)));
        Assert.True(decoded, problem);
        Assert.Equal(text, back);
        Assert.Empty(problem);
    }

    [Theory]
    [InlineData("😀", "'😀' (U+1F600)")]
    [InlineData("\uFEFFx", "U+FEFF (byte order mark)")]
    [InlineData("㐀", "'㐀' (U+3400)")]
    [InlineData("𠀀", "'𠀀' (U+20000)")]
    [InlineData("©", "'©' (U+00A9)")]
    [InlineData("\u00A0", "U+00A0 (no-break space)")]
    [InlineData("\uE15F", "U+E15F")]
    [InlineData("\uF8F5", "U+F8F5")]
    public void A_character_outside_GBK_is_an_error_that_names_it(string text, string name)
    {
        var error = Assert.Throws<AcmException>(() => GbkContent.Encode(text, allowEuroSign: true));

        Assert.Equal(AcmErrorKind.InvalidContent, error.Kind);
        Assert.StartsWith($"The character {name} at line 1, column 1 ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0xD83D)]
    [InlineData(0xDE00)]
    public void A_lone_surrogate_is_an_error(int unit)
    {
        string text = "中" + (char)unit + "x";

        var error = Assert.Throws<AcmException>(() => GbkContent.Encode(text, allowEuroSign: false));

        Assert.Contains($"U+{unit:X4} (half of a surrogate pair) at line 1, column 2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x\n中y😀", 2, 3)]
    [InlineData("a\r\nb\r\n\r\n©", 4, 1)]
    [InlineData("a\rb©", 2, 2)]
    [InlineData("中\uE000😀", 1, 2)]
    [InlineData("中😀\uE000", 1, 2)]
    [InlineData("中€\uE000", 1, 2)]
    public void The_error_tells_line_and_column_of_the_first_such_character(string text, int line, int column)
    {
        var error = Assert.Throws<AcmException>(() => GbkContent.Encode(text, allowEuroSign: false));

        Assert.Contains($"at line {line}, column {column} ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_error_tells_what_to_write_instead()
    {
        var error = Assert.Throws<AcmException>(() => GbkContent.Encode("😀", allowEuroSign: false));

        Assert.Contains(@"\uD83D\uDE00", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_euro_sign_is_refused_unless_allowed()
    {
        var error = Assert.Throws<AcmException>(() => GbkContent.Encode("5 €", allowEuroSign: false));
        byte[] bytes = GbkContent.Encode("5 €", allowEuroSign: true);

        Assert.Contains("'€' (U+20AC) at line 1, column 3", error.Message, StringComparison.Ordinal);
        Assert.Equal(nameof(AcmClientOptions.AllowEuroSign), error.Option);
        Assert.Equal([0x35, 0x20, 0x80], bytes);
    }

    [Fact]
    public void Byte_80_is_the_euro_sign()
    {
        Assert.True(GbkText.TryDecode([0x80], out string text, out _));

        Assert.Equal("€", text);
    }

    [Theory]
    [InlineData("61ff62", "byte FF at offset 1")]
    [InlineData("d6d0ff", "byte FF at offset 2")]
    [InlineData("d6ff", "byte D6 at offset 0, followed by FF")]
    [InlineData("61d6d0d6", "byte D6 at offset 3 starts a GBK character that is cut off")]
    [InlineData("9439fc36", "byte 94 at offset 0, followed by 39")]
    [InlineData("d6d0d620", "byte D6 at offset 2, followed by 20")]
    [InlineData("d67f", "byte D6 at offset 0, followed by 7F")]
    public void Bytes_that_are_not_GBK_are_told_with_their_offset(string hex, string expected)
    {
        bool decoded = GbkText.TryDecode(Convert.FromHexString(hex), out string text, out string problem);

        Assert.False(decoded);
        Assert.Empty(text);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("中文")]
    [InlineData("中")]
    [InlineData("数据库的配置\n")]
    public void UTF8_where_GBK_was_declared_is_told(string text)
    {
        bool decoded = GbkText.TryDecode(Encoding.UTF8.GetBytes(text), out _, out string problem);

        Assert.False(decoded);
        Assert.Contains("looks like UTF-8 where GBK was declared", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Private_use_characters_that_are_no_UTF8_are_read_as_they_are()
    {
        bool decoded = GbkText.TryDecode([0xAA, 0xA1], out string text, out string problem);

        Assert.True(decoded, problem);
        Assert.Equal("\uE000", text);
    }

    [Fact]
    public void Every_character_of_the_BMP_either_round_trips_or_is_refused()
    {
        string[] lost = [.. Encodable
            .Where(c => !GbkText.TryDecode(GbkContent.Encode(c.ToString(), allowEuroSign: true), out string back, out _) || back != c.ToString())
            .Select(c => $"U+{(int)c:X4}")];

        Assert.Empty(lost);
        Assert.InRange(Encodable.Length, 21_919, 24_070);
    }

    [Property(MaxTest = 500)]
    public Property Encodable_text_round_trips() => Prop.ForAll(
        Gen.Choose(0, Encodable.Length - 1).Select(i => Encodable[i]).ArrayOf().Select(chars => new string(chars)).ToArbitrary(),
        text =>
        {
            byte[] bytes = GbkContent.Encode(text, allowEuroSign: true);
            bool decoded = GbkText.TryDecode(bytes, out string back, out string problem);

            // The GBK bytes of a random text may be UTF-8 of private-use characters, which is an expected error.
            return (decoded && back == text) || problem.Contains("looks like UTF-8", StringComparison.Ordinal);
        });

    [Property(MaxTest = 500)]
    public bool Any_text_is_encoded_without_loss_or_refused(string? drawn)
    {
        string text = drawn ?? "";
        try
        {
            byte[] bytes = GbkContent.Encode(text, allowEuroSign: true);
            return GbkText.TryDecode(bytes, out string back, out _) && back == text;
        }
        catch (AcmException error)
        {
            return error.Kind == AcmErrorKind.InvalidContent;
        }
    }

    [Property(MaxTest = 500)]
    public bool Any_bytes_are_decoded_or_told_what_is_wrong(byte[] bytes)
    {
        bool decoded = GbkText.TryDecode(bytes, out string text, out string problem);

        return decoded ? problem.Length == 0 : text.Length == 0 && problem.Length > 0;
    }

    private static readonly char[] Encodable = [.. Enumerable.Range(0, 0x10000).Select(i => (char)i).Where(IsEncodable)];

    private static bool IsEncodable(char c)
    {
        try
        {
            GbkContent.Encode(c.ToString(), allowEuroSign: true);
            return true;
        }
        catch (AcmException)
        {
            return false;
        }
    }
}
