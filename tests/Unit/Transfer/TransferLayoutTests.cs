using System.Globalization;
using Acm.Client;
using Acm.Client.Transfer;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Acm.Tests.Transfer;

public sealed class TransferLayoutTests
{
    [Theory]
    [InlineData("DEFAULT_GROUP", "app.yaml", "app.yaml")]
    [InlineData("SHOP", "App_1-x.YAML", "SHOP/App_1-x.YAML")]
    [InlineData("分组", "数据", "分组/数据")]
    [InlineData("DEFAULT_GROUP", "DEFAULT_GROUP", "DEFAULT_GROUP")]
    [InlineData("g", "console", "g/console")]
    public void A_plain_name_has_the_path_that_the_Python_cli_gives_it(string group, string dataId, string expected) =>
        Assert.Equal(expected, PathOf(new ConfigKey(dataId, group)));

    [Theory]
    [InlineData("a:b", "a%3Ab")]
    [InlineData(".env", "%2Eenv")]
    [InlineData("x.", "x%2E")]
    [InlineData("con", "%63on")]
    [InlineData("Nul.yaml", "%4Eul.yaml")]
    [InlineData("a b ", "a%20b%20")]
    [InlineData("100%", "100%25")]
    [InlineData("a/b\\c", "a%2Fb%5Cc")]
    [InlineData("a\0\n", "a%00%0A")]
    public void R19_a_name_that_some_file_system_cannot_hold_is_escaped_and_reads_back_without_a_record(string name, string expected)
    {
        var key = new ConfigKey(name, "g");
        string path = PathOf(key);

        Assert.Equal("g/" + expected, path);
        Assert.Equal(key, TransferLayout.Read(path, record: null).Key);
    }

    [Theory]
    [InlineData("..", "x")]
    [InlineData(".", "x")]
    [InlineData("..", "..")]
    [InlineData("../../etc", "passwd")]
    [InlineData("/etc", "passwd")]
    [InlineData("C:", "x")]
    public void S3_a_group_that_would_leave_the_target_is_a_folder_in_it(string group, string dataId)
    {
        string[] names = PathOf(new ConfigKey(dataId, group)).Split('/');

        Assert.Equal(2, names.Length);
        Assert.All(names, name => Assert.True(name is not ("." or "..") && name.IndexOfAny(['/', '\\', ':']) < 0, name));
    }

    [Fact]
    public void R19_a_data_id_called_like_a_group_gives_way_to_the_groups_folder()
    {
        TransferLayout layout = TransferLayout.Of([new ConfigKey("ACM"), new ConfigKey("x", "ACM"), new ConfigKey("acm"), new ConfigKey("other")]);

        Assert.Equal("%44EFAULT_GROUP/%41%43%4D", layout.PathOf(new ConfigKey("ACM")));
        Assert.Equal("%44EFAULT_GROUP/acm", layout.PathOf(new ConfigKey("acm")));
        Assert.Equal("ACM/x", layout.PathOf(new ConfigKey("x", "ACM")));
        Assert.Equal("other", layout.PathOf(new ConfigKey("other")));
        Assert.Equal(new ConfigKey("ACM"), TransferLayout.Read("%44EFAULT_GROUP/%41%43%4D", record: null).Key);
    }

    [Fact]
    public void R19_of_names_that_differ_in_case_one_keeps_its_spelling()
    {
        TransferLayout layout = TransferLayout.Of([new ConfigKey("App"), new ConfigKey("app"), new ConfigKey("APP"), new ConfigKey("x", "G"), new ConfigKey("x", "g")]);

        Assert.Equal("app", layout.PathOf(new ConfigKey("app")));
        Assert.Equal("%41pp", layout.PathOf(new ConfigKey("App")));
        Assert.Equal("%41%50%50", layout.PathOf(new ConfigKey("APP")));
        Assert.Equal("g/x", layout.PathOf(new ConfigKey("x", "g")));
        Assert.Equal("%47/x", layout.PathOf(new ConfigKey("x", "G")));
    }

    [Fact]
    public void A_name_that_is_too_long_for_a_file_is_told_by_the_record_and_by_nothing_else()
    {
        var key = new ConfigKey(new string('中', 86), "g");
        string path = PathOf(key);
        var record = new TransferRecord { Files = { [path] = new TransferRecordEntry { Key = key } } };
        var forged = new TransferRecord { Files = { [path] = new TransferRecordEntry { Key = new ConfigKey("other", "g") } } };

        Assert.InRange(path.Length, 1, 255);
        Assert.Equal(key, TransferLayout.Read(path, record).Key);
        Assert.Contains(TransferRecord.FileName, TransferLayout.Read(path, record: null).Problem, StringComparison.Ordinal);
        Assert.Contains("g/other", TransferLayout.Read(path, forged).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plain_name_of_255_bytes_stays_as_it_is_and_one_of_256_does_not()
    {
        string longest = PathOf(new ConfigKey(new string('a', 255)));
        string longer = PathOf(new ConfigKey(new string('a', 256)));

        Assert.Equal(new string('a', 255), longest);
        Assert.Contains("%~", longer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("app.yaml", "DEFAULT_GROUP", "app.yaml")]
    [InlineData("SHOP/app.yaml", "SHOP", "app.yaml")]
    [InlineData("a:b", "DEFAULT_GROUP", "a:b")]
    [InlineData("DEFAULT_GROUP/x", "DEFAULT_GROUP", "x")]
    [InlineData("%61pp", "DEFAULT_GROUP", "app")]
    [InlineData("%e4%b8%AD/中", "中", "中")]
    public void What_others_wrote_is_read_as_it_is(string path, string group, string dataId) =>
        Assert.Equal(new ConfigKey(dataId, group), TransferLayout.Read(path, record: null).Key);

    [Theory]
    [InlineData(".git/HEAD", "Hidden")]
    [InlineData(".git/hooks/pre-commit", "Hidden")]
    [InlineData("g/.x", "Hidden")]
    [InlineData(".acm-export.json", "Hidden")]
    [InlineData(".acm/export/record.json", "Hidden")]
    [InlineData("a/b/c", "TooDeep")]
    [InlineData("../x", "Invalid")]
    [InlineData("a/..", "Invalid")]
    [InlineData("/etc/passwd", "Invalid")]
    [InlineData("a//b", "Invalid")]
    [InlineData("a\\b", "Invalid")]
    [InlineData("", "Invalid")]
    [InlineData("a%", "Invalid")]
    [InlineData("a%4", "Invalid")]
    [InlineData("a%FF", "Invalid")]
    [InlineData("a%zz/b", "Invalid")]
    public void What_is_no_configuration_is_told_apart(string path, string kind) =>
        Assert.Equal(kind, TransferLayout.Read(path, record: null).Kind.ToString());

    [Fact]
    public void An_empty_name_has_no_file()
    {
        AcmException error = Assert.Throws<AcmException>(() => TransferLayout.Of([new ConfigKey("")]));

        Assert.Equal(AcmErrorKind.InvalidKey, error.Kind);
    }

    [Property(MaxTest = 500)]
    public Property Every_path_reads_back_as_its_key() => Prop.ForAll(
        Namespaces.ToArbitrary(),
        keys =>
        {
            TransferLayout layout = TransferLayout.Of(keys);
            var record = new TransferRecord();
            foreach (ConfigKey key in keys) record.Files[layout.PathOf(key)] = new TransferRecordEntry { Key = key };
            return keys.All(key => TransferLayout.Read(layout.PathOf(key), record).Key!.Equals(key))
                && keys.All(key => layout.PathOf(key).Contains("%~", StringComparison.Ordinal) || TransferLayout.Read(layout.PathOf(key), record: null).Key!.Equals(key));
        });

    [Property(MaxTest = 500)]
    public Property No_two_paths_are_one_where_case_is_ignored_and_none_is_a_folder_of_another() => Prop.ForAll(
        Namespaces.ToArbitrary(),
        keys =>
        {
            TransferLayout layout = TransferLayout.Of(keys);
            string[] paths = [.. keys.Select(key => layout.PathOf(key).ToUpper(CultureInfo.InvariantCulture))];
            var folders = keys.GroupBy(key => layout.PathOf(key).Split('/')[0].ToUpperInvariant()).Where(folder => layout.PathOf(folder.First()).Contains('/', StringComparison.Ordinal)).ToList();
            return paths.Distinct().Count() == paths.Length
                && !paths.Any(path => folders.Any(folder => folder.Key == path))
                && folders.All(folder => folder.Select(key => key.Group).Distinct().Count() == 1);
        });

    [Property(MaxTest = 500)]
    public Property No_path_leaves_the_target_or_is_hidden_or_is_refused_by_some_file_system() => Prop.ForAll(
        Namespaces.ToArbitrary(),
        keys =>
        {
            TransferLayout layout = TransferLayout.Of(keys);
            return keys.All(key =>
            {
                string path = layout.PathOf(key);
                string full = Path.GetFullPath(TransferLayout.Under(Base, path));
                return full.StartsWith(Base + Path.DirectorySeparatorChar, StringComparison.Ordinal)
                    && Path.GetRelativePath(Base, full).Replace('\\', '/') == path
                    && path.Split('/').All(name => name[0] != '.' && name[^1] != '.' && name.IndexOfAny(['/', '\\', ':', '*', '?', '"', '<', '>', '|', ' ']) < 0
                        && !name.Any(char.IsControl) && System.Text.Encoding.UTF8.GetByteCount(name) <= 255);
            });
        });

    [Property(MaxTest = 500)]
    public Property A_path_of_a_key_does_not_rest_on_the_order_of_the_keys() => Prop.ForAll(
        Namespaces.ToArbitrary(),
        keys =>
        {
            TransferLayout layout = TransferLayout.Of(keys);
            TransferLayout other = TransferLayout.Of(keys.Reverse());
            return keys.All(key => layout.PathOf(key) == other.PathOf(key));
        });

    private static readonly string Base = Path.GetFullPath("base");

    // Few letters, so that names collide.
    private static readonly Gen<string> Names = Gen.OneOf(
        Gen.Elements("ACM", "acm", "Acm", "con", "CON", "Con", "DEFAULT_GROUP", "default_group", "..", ".", ".git", "a:B", "a:b", "中", "É", "é", "E\u0301", "𠀀", "%41cm", "%44EFAULT_GROUP", new string('a', 256), new string('A', 256)),
        from length in Gen.Choose(1, 3)
        from chars in Gen.Elements("aAbB.:%4 1é/\\\0中".ToCharArray()).ArrayOf(length)
        select new string(chars));

    private static readonly Gen<ConfigKey[]> Namespaces =
        from keys in Gen.Zip(Names, Gen.OneOf(Gen.Constant(ConfigKey.DefaultGroup), Names)).ArrayOf(12)
        select keys.Select(key => new ConfigKey(key.Item1, key.Item2)).Distinct().ToArray();

    private static string PathOf(ConfigKey key) => TransferLayout.Of([key]).PathOf(key);
}
