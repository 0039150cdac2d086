using Acm.Client;
using Acm.Client.Local;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Acm.Tests.Local;

public sealed class LocalPathTests
{
    private static readonly string Base = Path.GetFullPath("base");

    [Theory]
    [InlineData("app.yaml", "app.yaml")]
    [InlineData("App", "%41pp")]
    [InlineData("a:b", "a%3Ab")]
    [InlineData("_x", "%5Fx")]
    [InlineData("x_", "x_")]
    [InlineData(".env", "%2Eenv")]
    [InlineData("..", "%2E%2E")]
    [InlineData(".", "%2E")]
    [InlineData("x.", "x%2E")]
    [InlineData("con", "%63on")]
    [InlineData("nul.yaml", "%6Eul.yaml")]
    [InlineData("com1", "%63om1")]
    [InlineData("lpt9.a.b", "%6Cpt9.a.b")]
    [InlineData("COM1.txt", "%43%4F%4D1.txt")]
    [InlineData("console", "console")]
    [InlineData("com10", "com10")]
    [InlineData("a/b\\c", "a%2Fb%5Cc")]
    [InlineData("100%", "100%25")]
    [InlineData("中", "%E4%B8%AD")]
    [InlineData("a\0b ", "a%00b%20")]
    public void A_name_is_escaped_so_that_it_is_a_safe_file_name_everywhere(string name, string expected)
    {
        string escaped = LocalPath.Escape(name);
        string? back = LocalPath.Unescape(escaped);

        Assert.Equal(expected, escaped);
        Assert.Equal(name, back);
    }

    [Theory]
    [InlineData("%61")]
    [InlineData("%4")]
    [InlineData("%~ab")]
    [InlineData("A")]
    [InlineData("_default")]
    [InlineData("a%meta")]
    [InlineData("a%absent")]
    [InlineData("%FF")]
    [InlineData("")]
    public void What_escaping_does_not_write_is_no_name(string fileName) => Assert.Null(LocalPath.Unescape(fileName));

    [Fact]
    public void The_blank_namespace_and_the_default_group_have_folders_that_no_name_has()
    {
        string blank = LocalPath.Of(Base, "", new ConfigKey("a"));
        string named = LocalPath.Of(Base, "_blank", new ConfigKey("a", "_default"));

        Assert.Equal(Path.Combine(Base, "_blank", "_default", "a"), blank);
        Assert.Equal(Path.Combine(Base, "%5Fblank", "%5Fdefault", "a"), named);
    }

    [Fact]
    public void Long_names_become_short_ones_that_differ_and_that_escaping_never_writes()
    {
        string first = LocalPath.Escape(new string('中', 100) + "1");
        string second = LocalPath.Escape(new string('中', 100) + "2");
        string longest = LocalPath.Escape(new string('a', 200));

        Assert.InRange(first.Length, 1, 200);
        Assert.NotEqual(first, second);
        Assert.Contains("%~", first, StringComparison.Ordinal);
        Assert.Null(LocalPath.Unescape(first));
        Assert.Equal(new string('a', 200), longest);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0xD83D)]
    [InlineData(1, 0xDE00)]
    public void A_name_that_can_be_no_file_name_is_refused(int length, int unit)
    {
        var name = new string((char)unit, length);

        var error = Assert.Throws<AcmException>(() => LocalPath.Escape(name));

        Assert.Equal(AcmErrorKind.InvalidKey, error.Kind);
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("..\\..\\x")]
    [InlineData("C:\\x")]
    [InlineData("a/../../b")]
    public void S3_S4_no_name_leads_out_of_the_base_folder(string name)
    {
        string[] paths = [LocalPath.Of(Base, name, new ConfigKey("a")), LocalPath.Of(Base, "a", new ConfigKey("a", name)), LocalPath.Of(Base, "a", new ConfigKey(name))];

        Assert.All(paths, path => Assert.Equal(Base, Grandparent(Path.GetFullPath(path))));
    }

    [Fact]
    public void R19_names_that_differ_only_in_case_have_paths_that_differ_beyond_case()
    {
        string lower = LocalPath.Of(Base, "n", new ConfigKey("app", "g"));
        string upper = LocalPath.Of(Base, "N", new ConfigKey("APP", "G"));

        Assert.NotEqual(lower, upper, StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public void R19_a_data_id_called_as_a_group_does_not_collide_with_it()
    {
        string dataId = LocalPath.Of(Base, "", new ConfigKey("acm"));
        string inGroup = LocalPath.Of(Base, "", new ConfigKey("x", "acm"));

        Assert.DoesNotContain(dataId, inGroup, StringComparison.Ordinal);
    }

    [Property(MaxTest = 1000)]
    public Property Escaping_is_reversible_stays_a_plain_name_and_does_not_rest_on_case() => Prop.ForAll(
        Names.ToArbitrary(),
        name =>
        {
            string escaped = LocalPath.Escape(name);
            return escaped.Length <= 200
                && escaped.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or (>= 'A' and <= 'F') or '_' or '.' or '-' or '%' or '~')
                && escaped[0] is not ('.' or '_') && escaped[^1] != '.'
                && (escaped.Contains('~', StringComparison.Ordinal) || LocalPath.Unescape(escaped) == name);
        });

    [Property(MaxTest = 1000)]
    public Property Two_names_never_have_one_path() => Prop.ForAll(
        Names.ToArbitrary(),
        Names.ToArbitrary(),
        (first, second) => first == second || !string.Equals(LocalPath.Escape(first), LocalPath.Escape(second), StringComparison.OrdinalIgnoreCase));

    private static readonly Gen<string> Names =
        from length in Gen.Choose(1, 60)
        from chars in Gen.Elements("aAbB01._-:/\\%~ +中é\0\n".ToCharArray()).ArrayOf(length)
        from repeat in Gen.Elements(1, 1, 1, 20)
        select string.Concat(Enumerable.Repeat(new string(chars), repeat));

    private static string? Grandparent(string path) => Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(path)));
}
