using System.IO.Compression;
using System.Text;
using Acm.Client;
using Acm.Client.Transfer;
using Acm.Client.Transfer.Sources;
using Acm.Tests.Local;

namespace Acm.Tests.Transfer.Sources;

/// <summary>The valid contents of a folder or zip. Anything invalid is found before the transfer, and reported with its file and the remedy.</summary>
public sealed class FileSetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Files_at_the_top_are_of_the_default_group_and_those_in_a_folder_of_its_group()
    {
        _folder.Write("app.yaml", "a");
        _folder.Write("SHOP/db.json", "b");
        string zip = Path.Combine(_folder.Path, ".a.zip");
        Archive.Of(zip, ("app.yaml", "a"), ("SHOP/", ""), ("SHOP/db.json", "b"));

        Assert.Equal(["DEFAULT_GROUP/app.yaml=a", "SHOP/db.json=b"], await ContentsAsync(Folder()));
        Assert.Equal(["DEFAULT_GROUP/app.yaml=a", "SHOP/db.json=b"], await ContentsAsync(ConfigSet.OfZip(zip)));
    }

    [Fact]
    public async Task R19_a_folder_called_like_the_default_group_is_that_group()
    {
        _folder.Write("DEFAULT_GROUP/app.yaml", "a");

        Assert.Equal(["DEFAULT_GROUP/app.yaml=a"], await ContentsAsync(Folder()));
    }

    [Fact]
    public async Task Hidden_files_and_folders_are_passed_over()
    {
        _folder.Write("app.yaml", "a");
        _folder.Write(".git/config", "x");
        _folder.Write(".git/hooks/deep/er", "x");
        _folder.Write(".env", "x");
        _folder.Write("SHOP/.DS_Store", "x");

        Assert.Equal(["DEFAULT_GROUP/app.yaml=a"], await ContentsAsync(Folder()));
    }

    [Fact]
    public async Task Hidden_entries_of_a_zip_are_passed_over_and_told()
    {
        string zip = Archive.Of(Path.Combine(_folder.Path, "a.zip"), ("app.yaml", "a"), (".env", "x"), ("__MACOSX/._app.yaml", "x"));
        using var set = (FileSet)ConfigSet.OfZip(zip);

        Assert.Equal(["DEFAULT_GROUP/app.yaml=a"], await ContentsAsync(set));
        Assert.Equal([".env", "__MACOSX/._app.yaml"], set.PassedOver);
    }

    [Fact]
    public async Task What_an_export_escaped_is_read_back_under_its_name()
    {
        _folder.Write("%2Eenv", "a");
        _folder.Write("A%3AB/x%3Ay", "b");
        _folder.Write("%44EFAULT_GROUP/ACM", "c");
        _folder.Write("ACM/ACM", "d");

        Assert.Equal(["A:B/x:y=b", "ACM/ACM=d", "DEFAULT_GROUP/.env=a", "DEFAULT_GROUP/ACM=c"], await ContentsAsync(Folder()));
    }

    [Fact]
    public async Task R21_text_is_UTF_8_whatever_the_locale_and_a_byte_order_mark_is_dropped()
    {
        _folder.Write("bom", [0xEF, 0xBB, 0xBF, .. "中文\r\n"u8]);
        _folder.Write("plain", "中文\r\n");

        Assert.Equal(["DEFAULT_GROUP/bom=中文\r\n", "DEFAULT_GROUP/plain=中文\r\n"], await ContentsAsync(Folder()));
    }

    [Theory]
    [InlineData(new byte[] { 0x61, 0x0A, 0xD6, 0xD0 }, "0xD6 at offset 2 (line 2)", "GBK")]
    [InlineData(new byte[] { 0xFF, 0xFE, 0x61, 0x00 }, "UTF-16", "UTF-8")]
    [InlineData(new byte[] { 0x61, 0xE4, 0xB8 }, "0xE4 at offset 1 (line 1)", "UTF-8")]
    public async Task Another_encoding_is_refused_with_the_place_where_it_shows(byte[] bytes, string place, string word)
    {
        _folder.Write("SHOP/a.txt", bytes);

        AcmException problem = Assert.Single(await ProblemsAsync(Folder()));

        Assert.Equal(AcmErrorKind.InvalidContent, problem.Kind);
        Assert.Contains("'SHOP/a.txt' in '" + _folder.Path, problem.Message, StringComparison.Ordinal);
        Assert.Contains(place, problem.Message, StringComparison.Ordinal);
        Assert.Contains(word, problem.Message, StringComparison.Ordinal);
        Assert.Equal("Save it as UTF-8, or specify its encoding.", problem.Advice);
    }

    [Theory]
    [InlineData(new byte[] { 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D }, null)]
    [InlineData(new byte[] { 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0xFF }, "gbk")]
    [InlineData(new byte[] { 0, 0, 1, 0, 1, 0, 0x10, 0x10, 0xFF }, null)]
    public async Task An_image_is_not_text_and_no_encoding_helps(byte[] bytes, string? encoding)
    {
        _folder.Write("logo.png", bytes);

        AcmException problem = Assert.Single(await ProblemsAsync(Folder(new FileReadOptions { Encoding = encoding is null ? null : CodePagesEncodingProvider.Instance.GetEncoding(encoding) })));

        Assert.EndsWith("is not a text file.", problem.Message, StringComparison.Ordinal);
        Assert.StartsWith("Remove it", problem.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_are_read_in_the_encoding_that_is_named()
    {
        var gbk = new FileReadOptions { Encoding = CodePagesEncodingProvider.Instance.GetEncoding("gbk") };
        _folder.Write("SHOP/a.txt", [0xD6, 0xD0, 0x0A]);

        Assert.Equal(["SHOP/a.txt=中\n"], await ContentsAsync(Folder(gbk)));
        _folder.Write("SHOP/a.txt", [0x61, 0xFF, 0x0A]);
        Assert.Contains("is not valid GBK", Assert.Single(await ProblemsAsync(Folder(gbk))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_of_a_flat_folder_go_to_the_group_that_is_named()
    {
        var shop = new FileReadOptions { FlatGroup = "SHOP" };
        _folder.Write("a.yaml", "1");
        _folder.Write(".git/config", "x");

        Assert.Equal(["SHOP/a.yaml=1"], await ContentsAsync(Folder(shop)));
        _folder.Write("OTHER/b.yaml", "2");
        Assert.Equal(["DEFAULT_GROUP/a.yaml=1", "OTHER/b.yaml=2"], await ContentsAsync(Folder(shop)));
    }

    [Theory]
    [InlineData(".metadata.yml", true)]
    [InlineData(".meta.yml", true)]
    [InlineData(".other.yml", false)]
    public async Task An_export_of_the_Nacos_console_is_recognised(string name, bool expected)
    {
        string zip = Archive.Of(Path.Combine(_folder.Path, "nacos.zip"), ("DEFAULT_GROUP/app.yaml", "a"), ("SHOP/b.yaml", "b"), (name, "metadata: []"));
        using var set = (FileSet)ConfigSet.OfZip(zip);

        Assert.Equal(["DEFAULT_GROUP/app.yaml=a", "SHOP/b.yaml=b"], await ContentsAsync(set));
        Assert.Equal(expected, set.IsNacosExport);
        Assert.Equal(expected ? [] : [name], set.PassedOver);
    }

    [Theory]
    [InlineData("my file.txt", "' ' (U+0020)")]
    [InlineData("a~", "'~'")]
    [InlineData("数据", "'数'")]
    [InlineData("SHOP/a+b", "'+'")]
    public async Task A_file_whose_name_is_no_key_is_refused_and_named_with_the_character(string name, string character)
    {
        _folder.Write(name, "a");

        AcmException problem = Assert.Single(await ProblemsAsync(Folder()));

        Assert.Equal(AcmErrorKind.InvalidKey, problem.Kind);
        Assert.StartsWith($"'{name}' in ", problem.Message, StringComparison.Ordinal);
        Assert.Contains(character.Replace("' ' (U+0020)", "U+0020", StringComparison.Ordinal), problem.Message, StringComparison.Ordinal);
        Assert.Contains("Rename it", problem.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deeper_than_group_and_data_id_is_refused_once_a_folder()
    {
        _folder.Write("SHOP/scripts/a.ps1", "a");
        _folder.Write("SHOP/scripts/b.ps1", "b");
        _folder.Write("SHOP/.hidden/c", "c");
        string zip = Archive.Of(Path.Combine(_folder.Path, ".a.zip"), ("SHOP/scripts/a.ps1", "a"));

        AcmException inFolder = Assert.Single(await ProblemsAsync(Folder()));
        AcmException inZip = Assert.Single(await ProblemsAsync(ConfigSet.OfZip(zip)));

        Assert.StartsWith("'SHOP/scripts/…' in ", inFolder.Message, StringComparison.Ordinal);
        Assert.StartsWith("'SHOP/scripts/a.ps1' in ", inZip.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_files_for_one_key_are_refused()
    {
        _folder.Write("app.yaml", "a");
        _folder.Write("DEFAULT_GROUP/app.yaml", "b");

        AcmException problem = Assert.Single(await ProblemsAsync(Folder()));

        Assert.Contains("both stand for 'DEFAULT_GROUP/app.yaml'", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_entries_of_one_name_are_refused()
    {
        string zip = Archive.Of(Path.Combine(_folder.Path, "a.zip"), ("a", "1"), ("a", "2"));

        Assert.Contains("both stand for", Assert.Single(await ProblemsAsync(ConfigSet.OfZip(zip))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../evil", "not a valid relative path")]
    [InlineData("SHOP/../../evil", "not a valid relative path")]
    [InlineData("/etc/passwd", "not a valid relative path")]
    [InlineData("C:/evil", "a drive")]
    [InlineData("../", "not a valid relative path")]
    [InlineData("SHOP//a", "not a valid relative path")]
    public async Task A_zip_whose_names_lead_out_of_it_is_refused(string name, string reason)
    {
        string zip = Archive.Of(Path.Combine(_folder.Path, "a.zip"), ("good", "1"), (name, "2"));

        AcmException problem = Assert.Single(await ProblemsAsync(ConfigSet.OfZip(zip)));

        Assert.Equal(AcmErrorKind.InvalidKey, problem.Kind);
        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
        Assert.Contains(name.TrimEnd('/'), problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backslashes_in_a_zip_separate_as_Windows_PowerShell_writes_them()
    {
        string zip = Archive.Of(Path.Combine(_folder.Path, "a.zip"), ("gateway.yaml", "a"), ("SHOP\\", ""), ("SHOP\\db.properties", "b"));

        Assert.Equal(["DEFAULT_GROUP/gateway.yaml=a", "SHOP/db.properties=b"], await ContentsAsync(ConfigSet.OfZip(zip)));
    }

    [Theory]
    [InlineData("..\\evil", "not a valid relative path")]
    [InlineData("SHOP\\..\\..\\evil", "not a valid relative path")]
    [InlineData("\\\\host\\share", "not a valid relative path")]
    [InlineData("C:\\evil", "a drive")]
    public async Task A_zip_whose_names_lead_out_of_it_by_backslashes_is_refused(string name, string reason)
    {
        string zip = Archive.Of(Path.Combine(_folder.Path, "a.zip"), ("good", "1"), (name, "2"));

        AcmException problem = Assert.Single(await ProblemsAsync(ConfigSet.OfZip(zip)));

        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_in_both_spellings_of_a_separator_are_one_name()
    {
        string zip = Archive.Of(Path.Combine(_folder.Path, "a.zip"), ("SHOP/a", "1"), ("SHOP\\a", "2"));

        Assert.Contains("both stand for", Assert.Single(await ProblemsAsync(ConfigSet.OfZip(zip))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gb18030")]
    [InlineData("utf-8")]
    public async Task Names_without_the_flag_of_their_charset_are_read(string charset)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        string zip = Path.Combine(_folder.Path, "a.zip");
        using (var archive = new ZipArchive(File.Create(zip), ZipArchiveMode.Create, leaveOpen: false, new Unmarked(Encoding.GetEncoding(charset))))
        {
            archive.CreateEntry("配置.yaml");
        }

        AcmException problem = Assert.Single(await ProblemsAsync(ConfigSet.OfZip(zip)));

        Assert.Contains("'配置.yaml'", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_around_everything_is_told_once()
    {
        string zip = Archive.Of(Path.Combine(_folder.Path, "a.zip"), ("config/app.yaml", "a"), ("config/SHOP/db.json", "b"), ("config/SHOP/x.json", "b"), ("config/.git/hooks/x", "b"));

        AcmException problem = Assert.Single(await ProblemsAsync(ConfigSet.OfZip(zip)));

        Assert.Contains("is inside the folder 'config'", problem.Message, StringComparison.Ordinal);
        Assert.Contains("Zip the contents of the folder", problem.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_small_entries_that_are_a_bomb_together_are_refused()
    {
        string zip = Archive.Of(Path.Combine(_folder.Path, "a.zip"), [.. Enumerable.Range(0, 50).Select(i => ("a" + i, new byte[500_000]))]);

        AcmException problem = Assert.Single(await ProblemsAsync(ConfigSet.OfZip(zip)));

        Assert.Equal(AcmErrorKind.ContentTooLarge, problem.Kind);
        Assert.Contains("25000000 bytes compressed into", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Entries_that_share_their_bytes_are_refused()
    {
        string zip = Path.Combine(_folder.Path, "a.zip");
        await File.WriteAllBytesAsync(zip, await OverlappingAsync(), TestContext.Current.CancellationToken);

        AcmException problem = Assert.Single(await ProblemsAsync(ConfigSet.OfZip(zip)));

        Assert.Equal(AcmErrorKind.ContentTooLarge, problem.Kind);
        Assert.Contains("overlapping entries", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_and_a_socket_in_a_folder_are_refused_and_never_opened()
    {
        if (OperatingSystem.IsWindows()) return;

        _folder.Write("q.txt", "q");
        using (var made = System.Diagnostics.Process.Start("mkfifo", [Path.Combine(_folder.Path, "p.txt")])) await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(Path.Combine(_folder.Path, "s.txt")));

        IReadOnlyList<AcmException> problems = await Support.Clients.InTime(ProblemsAsync(Folder()));

        Assert.Equal(2, problems.Count);
        Assert.All(problems, problem => Assert.Contains("is a pipe, a socket or a device", problem.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_pipe_in_the_place_of_any_file_of_ours_is_never_opened()
    {
        if (OperatingSystem.IsWindows()) return;

        string pipe = Path.Combine(_folder.Path, "pipe");
        using (var made = System.Diagnostics.Process.Start("mkfifo", [pipe])) made.WaitForExit();
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "link"), pipe);

        Assert.Contains("is a pipe", Assert.Throws<IOException>(() => Client.Local.LocalFile.Read(pipe)).Message, StringComparison.Ordinal);
        Assert.Throws<IOException>(() => Client.Local.LocalFile.Read(Path.Combine(_folder.Path, "link")));
        Assert.Empty(Client.Local.LocalFile.Read(_folder.Write("empty", ""))!);
    }

    [Fact]
    public async Task A_pipe_in_the_place_of_a_zip_is_refused_and_never_opened()
    {
        if (OperatingSystem.IsWindows()) return;

        string pipe = Path.Combine(_folder.Path, "a.zip");
        using (var made = System.Diagnostics.Process.Start("mkfifo", [pipe])) await made.WaitForExitAsync(TestContext.Current.CancellationToken);

        AcmException error = Assert.Single(await Support.Clients.InTime(Task.Run(() => ProblemsAsync(ConfigSet.OfZip(pipe)), TestContext.Current.CancellationToken)));

        Assert.Contains("is a pipe, a socket or a device, not a zip", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Entries_that_share_their_bytes_are_refused_also_where_a_large_end_record_tells_of_them()
    {
        byte[] file = await OverlappingAsync();
        int end = file.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        uint directory = BitConverter.ToUInt32(file, end + 16);
        byte[] large = [.. "PK\u0006\u0006"u8, .. BitConverter.GetBytes(44L), 45, 0, 45, 0, .. new byte[8], .. BitConverter.GetBytes(2L), .. BitConverter.GetBytes(2L), .. BitConverter.GetBytes((long)(end - directory)), .. BitConverter.GetBytes((long)directory)];
        byte[] locator = [.. "PK\u0006\u0007"u8, .. new byte[4], .. BitConverter.GetBytes((long)end), 1, 0, 0, 0];
        byte[] last = file[end..];
        last.AsSpan(8, 12).Fill(0xFF);
        string zip = Path.Combine(_folder.Path, "a.zip");
        await File.WriteAllBytesAsync(zip, [.. file[..end], .. large, .. locator, .. last], TestContext.Current.CancellationToken);

        AcmException problem = Assert.Single(await ProblemsAsync(ConfigSet.OfZip(zip)));

        Assert.Contains("overlapping entries", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Entries_that_share_their_bytes_are_refused_whatever_size_the_directory_is_said_to_have()
    {
        byte[] file = await OverlappingAsync();
        file.AsSpan(file.AsSpan().LastIndexOf("PK\u0005\u0006"u8) + 12, 4).Clear();
        string zip = Path.Combine(_folder.Path, "a.zip");
        await File.WriteAllBytesAsync(zip, file, TestContext.Current.CancellationToken);

        AcmException problem = Assert.Single(await ProblemsAsync(ConfigSet.OfZip(zip)));

        Assert.Contains("overlapping entries", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_that_is_said_to_lie_beyond_4_GB_is_refused()
    {
        // Its place is in an extra field then, where two entries may have the same one.
        byte[] file = await OverlappingAsync();
        int second = file.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        int end = file.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        file.AsSpan(second + 42, 4).Fill(0xFF);
        file[second + 30] = 12;
        string zip = Path.Combine(_folder.Path, "a.zip");
        await File.WriteAllBytesAsync(zip, [.. file[..end], 1, 0, 8, 0, .. new byte[8], .. file[end..]], TestContext.Current.CancellationToken);

        AcmException problem = Assert.Single(await ProblemsAsync(ConfigSet.OfZip(zip)));

        Assert.Equal(AcmErrorKind.InvalidContent, problem.Kind);
        Assert.Contains("zip64", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_zip_bomb_is_refused_by_what_it_says_of_itself()
    {
        string zip = Archive.Of(Path.Combine(_folder.Path, "a.zip"), ("bomb", new byte[8 * 1024 * 1024]));

        AcmException problem = Assert.Single(await ProblemsAsync(ConfigSet.OfZip(zip)));

        Assert.Equal(AcmErrorKind.ContentTooLarge, problem.Kind);
        Assert.Contains("'bomb'", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".metadata.yml")]
    [InlineData(".meta.yml")]
    [InlineData(TransferRecord.ZipEntryName)]
    public async Task A_zip_bomb_in_the_place_of_what_an_export_recorded_is_refused(string name)
    {
        string zip = Archive.Of(Path.Combine(_folder.Path, "a.zip"), ("G/app.yaml", "a"u8.ToArray()), (name, new byte[8 * 1024 * 1024]));

        AcmException problem = Assert.Single(await ProblemsAsync(ConfigSet.OfZip(zip)));

        Assert.Equal(AcmErrorKind.ContentTooLarge, problem.Kind);
        Assert.Contains($"'{name}'", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".metadata.yml", "metadata:\n- dataId: .env\n  group: G\n- dataId: app.yaml\n  group: .g\n", "G/.DS_Store")]
    [InlineData(".meta.yml", "G.~env.app=shop\r\n", "G/.DS_Store .g/app.yaml")]
    public async Task A_name_that_begins_with_a_dot_is_a_configuration_in_a_zip_of_the_console(string record, string text, string passedOver)
    {
        string zip = Archive.Of(Path.Combine(_folder.Path, "nacos.zip"), ("G/.env", "a"), (".g/app.yaml", "b"), ("G/.DS_Store", "x"), (record, text));
        using var set = (FileSet)ConfigSet.OfZip(zip);

        string[] contents = await ContentsAsync(set);

        Assert.Contains("G/.env=a", contents);
        Assert.Equal(record == ".metadata.yml", contents.Contains(".g/app.yaml=b"));
        Assert.Equal(passedOver.Split(' ').Order(StringComparer.Ordinal), set.PassedOver.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_the_console_lists_and_does_not_contain_is_told_and_not_missing_and_the_other_way_round()
    {
        string zip = Archive.Of(Path.Combine(_folder.Path, "nacos.zip"), ("G/app.yaml", "a"), ("G/new", "b"), (".metadata.yml", "metadata:\n- dataId: app.yaml\n  group: G\n  type: yaml\n- dataId: lost\n  group: G\n  type: text\n"));
        using var set = (FileSet)ConfigSet.OfZip(zip);

        Assert.Equal(["G/app.yaml=a", "G/new=b"], await ContentsAsync(set));
        Assert.Equal(
            "Types, descriptions and application names are read; tags are not in it. It lists 1 configuration that it does not contain, such as 'G/lost': nothing is done with it. It contains 1 configuration that it does not list, such as 'G/new': its type is not known.",
            set.ConsoleNote);
        Assert.True(set.Hides(new ConfigKey("lost", "G")));
    }

    [Fact]
    public async Task An_escape_that_is_no_character_in_what_the_console_recorded_is_told_and_the_rest_read()
    {
        string zip = Archive.Of(Path.Combine(_folder.Path, "a.zip"), ("G/app.yaml", "a"), (".metadata.yml", "metadata:\n- dataId: app.yaml\n  desc: \"\\UFFFFFFFF\"\n  group: G\n"));
        using var set = (FileSet)ConfigSet.OfZip(zip);

        Assert.Equal(["G/app.yaml=a"], await ContentsAsync(set));
        Assert.Contains("has an invalid escape", set.ConsoleNote, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_zip_entry_that_holds_more_than_it_says_is_refused()
    {
        byte[] content = Encoding.ASCII.GetBytes(new string('a', 5000));
        string zip = Archive.Of(Path.Combine(_folder.Path, "a.zip"), ("a", content));
        Archive.Patch(zip, BitConverter.GetBytes(5000), BitConverter.GetBytes(500));

        AcmException problem = Assert.Single(await ProblemsAsync(ConfigSet.OfZip(zip)));

        Assert.Contains("'a' in ", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_zip_entry_is_refused_instead_of_published()
    {
        string zip = Archive.Of(Path.Combine(_folder.Path, "a.zip"), (_, _) => { }, ("a", Encoding.ASCII.GetBytes("the right content")));
        byte[] file = File.ReadAllBytes(zip);
        using (var archive = new ZipArchive(new MemoryStream(file))) Archive.Patch(zip, BitConverter.GetBytes(archive.Entries[0].Crc32), BitConverter.GetBytes(archive.Entries[0].Crc32 ^ 1));

        AcmException problem = Assert.Single(await ProblemsAsync(ConfigSet.OfZip(zip)));

        Assert.Contains("damaged", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_zip_says_so()
    {
        _folder.Write("a.zip", "this is no zip");

        AcmException problem = Assert.Single(await ProblemsAsync(ConfigSet.OfZip(Path.Combine(_folder.Path, "a.zip"))));

        Assert.Equal(AcmErrorKind.InvalidContent, problem.Kind);
        Assert.Contains("a.zip' is not a valid zip", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("file.zip")]
    public async Task What_can_not_be_read_at_all_is_a_problem_and_no_crash(string name)
    {
        string path = Path.Combine(_folder.Path, "nowhere", name);

        AcmException problem = Assert.Single(await ProblemsAsync(name == "folder" ? ConfigSet.OfFolder(path) : ConfigSet.OfZip(path)));

        Assert.Contains($"'{path}' can't be read", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_record_of_an_export_is_refused_by_name()
    {
        _folder.Write("app.yaml", "a");
        _folder.Write(".acm-export.json", "{ no json");

        Assert.Contains(".acm-export.json", Assert.Single(await ProblemsAsync(Folder())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_symbolic_link_is_refused_in_a_folder_and_in_a_zip()
    {
        _folder.Write("real", "a");
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "link"), "/etc/hostname");
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "GROUP"), "/etc");
        string zip = Archive.Of(Path.Combine(_folder.Path, ".a.zip"), (_, entry) => entry.ExternalAttributes = unchecked((int)0xA1FF0000), ("link", "/etc/hostname"u8.ToArray()));

        IReadOnlyList<AcmException> inFolder = await ProblemsAsync(Folder());
        AcmException inZip = Assert.Single(await ProblemsAsync(ConfigSet.OfZip(zip)));

        Assert.Equal(2, inFolder.Count);
        Assert.All(inFolder, problem => Assert.Contains("symbolic link", problem.Message, StringComparison.Ordinal));
        Assert.Contains("symbolic link", inZip.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_of_number_size_and_sum_are_kept()
    {
        _folder.Write("a", new string('a', 100));
        _folder.Write("b", new string('b', 100));

        Assert.Contains("more than 1 files", Assert.Single(await ProblemsAsync(Limited(new ReadLimits { Files = 1 }))).Message, StringComparison.Ordinal);
        Assert.Contains("has 100 bytes", (await ProblemsAsync(Limited(new ReadLimits { FileBytes = 99 })))[0].Message, StringComparison.Ordinal);
        Assert.Contains("more than 150 bytes", Assert.Single(await ProblemsAsync(Limited(new ReadLimits { TotalBytes = 150 }))).Message, StringComparison.Ordinal);
        Assert.Empty(await ProblemsAsync(Limited(new ReadLimits { Files = 2, FileBytes = 100, TotalBytes = 200 })));

        FolderSet Limited(ReadLimits limits) => new(_folder.Path, _folder.Path, limits);
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once_up_to_twenty_files()
    {
        for (int i = 0; i < 25; i++) _folder.Write($"bad {i}", "a");

        IReadOnlyList<AcmException> problems = await ProblemsAsync(Folder());

        Assert.Equal(21, problems.Count);
        Assert.Equal("5 more files cannot be used, either.", problems[^1].Message);
    }

    /// <summary>Another name than the framework knows the charset by, so that it writes no flag.</summary>
    private sealed class Unmarked(Encoding charset) : Encoding
    {
        public override int GetByteCount(char[] chars, int index, int count) => charset.GetByteCount(chars, index, count);

        public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) => charset.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

        public override int GetCharCount(byte[] bytes, int index, int count) => charset.GetCharCount(bytes, index, count);

        public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) => charset.GetChars(bytes, byteIndex, byteCount, chars, charIndex);

        public override int GetMaxByteCount(int charCount) => charset.GetMaxByteCount(charCount);

        public override int GetMaxCharCount(int byteCount) => charset.GetMaxCharCount(byteCount);
    }

    private ConfigSet Folder(FileReadOptions? options = null) => ConfigSet.OfFolder(_folder.Path, options: options);

    private static async Task<string[]> ContentsAsync(ConfigSet set)
    {
        var problems = new ProblemList();
        SetReading reading = Reading();
        IReadOnlyList<SetEntry> entries = await set.OpenAsync(reading, problems, TestContext.Current.CancellationToken);
        Assert.Empty(problems.ToList());
        var contents = new List<string>();
        await foreach (SetText text in set.ReadAsync(entries, reading, TestContext.Current.CancellationToken)) contents.Add($"{text.Entry.Key}={text.Content}{text.Error?.Message}");
        return [.. contents.Order(StringComparer.Ordinal)];
    }

    /// <summary>Reads the set like a plan: names first, then contents.</summary>
    private static async Task<IReadOnlyList<AcmException>> ProblemsAsync(ConfigSet set)
    {
        var problems = new ProblemList();
        SetReading reading = Reading();
        IReadOnlyList<SetEntry> entries = await set.OpenAsync(reading, problems, TestContext.Current.CancellationToken);
        await foreach (SetText text in set.ReadAsync(problems.IsEmpty ? entries : [], reading, TestContext.Current.CancellationToken))
        {
            if (text.Error is not null) problems.Add(text.Error);
        }

        return problems.ToList();
    }

    private static SetReading Reading() => new() { CheckKey = new Acm.Client.Protocol.NameRules(allowUnicode: false).Check };

    /// <summary>Creates a zip whose two entries have the same offset.</summary>
    private async Task<byte[]> OverlappingAsync()
    {
        byte[] content = Encoding.ASCII.GetBytes("the same content");
        string zip = Archive.Of(Path.Combine(_folder.Path, "made.zip"), ("a", content), ("b", content));
        byte[] file = await File.ReadAllBytesAsync(zip, TestContext.Current.CancellationToken);
        file.AsSpan(file.AsSpan().LastIndexOf("PK\u0001\u0002"u8) + 42, 4).Clear();
        return file;
    }
}
