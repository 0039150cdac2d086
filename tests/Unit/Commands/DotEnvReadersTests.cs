using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Acm.Tests.Support;

namespace Acm.Tests.Commands;

/// <summary>Readers of .env files return the values that Export-AcmEnvironment wrote. Readers that are not installed are skipped.</summary>
public sealed class DotEnvReadersTests(ModuleServer server) : IClassFixture<ModuleServer>, IDisposable
{
    private static readonly Dictionary<string, string> Plain = new()
    {
        ["HOST"] = "db.internal:3306",
        ["URL"] = "https://a.example.com/x?y=1,2",
        ["EMPTY"] = "",
        ["NUMBER"] = "007",
        ["BASE64"] = "YWJj+/0=",
    };

    private static readonly Dictionary<string, string> Quoted = new(Plain)
    {
        ["CRED"] = """{"msg": "a\nb"}""",
        ["PW"] = "p$1\"x\\n",
        ["TWO"] = "one\ntwo",
        ["SPACES"] = "  a b  ",
        ["HASH"] = "a #b",
        ["QUERY"] = "https://a.example.com/?a=1&b=2#c",
        ["BACKTICKS"] = "`id` $(id)",
        ["APOSTROPHE"] = "it's",
        ["CHINESE"] = "中文",
        ["TILDE"] = "~/x",
        ["STAR"] = "*",
    };

    private readonly TemporaryFiles _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Shells_read_every_value_back()
    {
        string file = Export(new(Quoted) { ["BOTH"] = "it's \"$x\" \\ `y`" });

        foreach ((string name, string value) in new Dictionary<string, string>(Quoted) { ["BOTH"] = "it's \"$x\" \\ `y`" })
            Assert.Equal(value, Run(["bash", "-c", $"test -r '{file}'"], "-c", $"set -a; . '{file}'; printf '%s' \"${name}\"") ?? value);
    }

    [Fact]
    public void Python_dotenv_reads_every_value_back()
    {
        string file = Export(Quoted);

        string? read = Run(["python3", "-c", "import dotenv"], "-c", $"import json, dotenv; print(json.dumps(dotenv.dotenv_values('{file}')))");

        if (read is not null) Assert.Equal(Quoted.OrderBy(pair => pair.Key), JsonSerializer.Deserialize<Dictionary<string, string>>(read)!.OrderBy(pair => pair.Key));
    }

    [Fact]
    public void The_dotenv_of_npm_reads_every_value_back()
    {
        string file = Export(Quoted);
        string module = Environment.GetEnvironmentVariable("NODE_DOTENV") ?? "dotenv";

        string? read = Run(["node", "-e", $"require('{module}')"], "-e", $"console.log(JSON.stringify(require('{module}').parse(require('fs').readFileSync('{file}'))))");

        if (read is not null) Assert.Equal(Quoted.OrderBy(pair => pair.Key), JsonSerializer.Deserialize<Dictionary<string, string>>(read)!.OrderBy(pair => pair.Key));
    }

    [Fact]
    public void Kubectl_and_docker_which_know_no_quotes_read_plain_values_back()
    {
        string file = Export(Plain);

        Assert.Equal(Plain.Select(pair => pair.Key + "=" + pair.Value), File.ReadAllLines(file));
        if (Run(["kubectl", "version", "--client"], "create", "configmap", "x", "--dry-run=client", "-o", "json", "--from-env-file=" + file) is not { } read) return;

        using JsonDocument map = JsonDocument.Parse(read);
        foreach ((string name, string value) in Plain) Assert.Equal(value, map.RootElement.GetProperty("data").GetProperty(name).GetString());
    }

    [Fact]
    public void The_module_itself_reads_every_value_back()
    {
        var odd = new Dictionary<string, string>(Quoted) { ["BOTH"] = "it's \"$x\" \\ `y`", ["RETURN"] = "a\r\nb'c\r", ["END"] = "a\\" };
        string file = Export(odd);

        ModuleResult result = server.Connect().Run($"Set-AcmConfig back.env -Path '{file}'; Export-AcmEnvironment back.env -Path '{file}2' -PassThru -WarningAction SilentlyContinue | ForEach-Object {{ $_.Name + '=' + $_.Value }}");

        Assert.Equal(odd.Select(pair => pair.Key + "=" + pair.Value), result.ThrowOnError().Texts);
    }

    [Theory]
    [InlineData("a\rb", "carriage return")]
    [InlineData("it's $x", "single quote")]
    [InlineData("${HOME}", "${")]
    [InlineData("a\\\\b", "backslashes")]
    [InlineData("plain", null)]
    [InlineData("p$1\"x\\n", null)]
    public void A_value_that_readers_read_differently_is_warned_of(string value, string? warning)
    {
        ModuleShell shell = server.Connect();
        shell["content"] = JsonSerializer.Serialize(new Dictionary<string, string> { ["X"] = value });
        shell.Run("Set-AcmConfig odd.json $content").ThrowOnError();

        ModuleResult result = shell.Run($"Export-AcmEnvironment odd.json -Path '{_folder.Path}/odd.env' -WarningVariable w -WarningAction SilentlyContinue; $w | Where-Object {{ \"$_\" -notlike '*values in quotes*' }} | ForEach-Object {{ \"$_\" }}");

        if (warning is null) Assert.Empty(result.Texts);
        else Assert.Contains(warning, Assert.Single(result.Texts), StringComparison.Ordinal);
    }

    [Fact]
    public void Values_that_docker_reads_with_their_quotes_are_named_in_one_note()
    {
        ModuleShell shell = server.Connect();
        shell.Run("""Set-AcmConfig quoted.json '{"PLAIN":"a","ONE":"a b","TWO":"*"}'""").ThrowOnError();

        ModuleResult result = shell.Run($"Export-AcmEnvironment quoted.json -Path '{_folder.Path}/q.env' -WarningVariable w -WarningAction SilentlyContinue; $w | ForEach-Object {{ \"$_\" }}");

        string note = Assert.Single(result.ThrowOnError().Texts);
        Assert.EndsWith("treat the quotes as part of the value: ONE, TWO.", note, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hash_right_after_the_sign_is_part_of_the_value_and_a_comment_is_told_of()
    {
        ModuleShell shell = server.Connect();
        shell["content"] = "PASSWORD=#hunter2\nA=b#c\nKEY=abc #def\nNONE= #x\nQ='a #b' # c\n";
        shell.Run("Set-AcmConfig hash.env $content").ThrowOnError();

        ModuleResult result = shell.Run($"Export-AcmEnvironment hash.env -Path '{_folder.Path}/h.env' -PassThru -WarningVariable w -WarningAction SilentlyContinue | ForEach-Object {{ $_.Name + '=' + $_.Value }}; \"$($w[0])\"");

        Assert.Equal(["PASSWORD=#hunter2", "A=b#c", "KEY=abc", "NONE=", "Q=a #b"], result.ThrowOnError().Texts.Take(5));
        Assert.Contains("removed as a comment: KEY in line 3, NONE in line 4.", result.Texts[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("def", result.Texts[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A='it'\\''s'")]
    [InlineData("A=\"x\"y")]
    [InlineData("A='x' 'y'")]
    public void What_follows_a_closing_quote_is_an_error_and_never_cut_off(string content)
    {
        ModuleShell shell = server.Connect();
        shell["content"] = content;
        shell.Run("Set-AcmConfig cut.env $content").ThrowOnError();

        ModuleResult result = shell.Run($"Export-AcmEnvironment cut.env -Path '{_folder.Path}/cut.env' -ErrorVariable e -ErrorAction SilentlyContinue; $e | ForEach-Object {{ \"$_\" }}");

        Assert.Contains("after the closing quote", Assert.Single(result.Texts), StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_stays_a_link_and_what_it_leads_to_is_written()
    {
        if (OperatingSystem.IsWindows() || Environment.GetEnvironmentVariable("ACM_FLAVOUR") is not null) return;

        string file = _folder.Write("real/x.env", "OLD=1\n");
        string link = Path.Combine(_folder.Path, "x.env");
        File.CreateSymbolicLink(link, file);
        string abandoned = _folder.Write($"real/x.env.{Guid.NewGuid():N}.tmp", "SECRET=1\n");
        File.SetLastWriteTimeUtc(abandoned, DateTime.UtcNow.AddHours(-1));
        ModuleShell shell = server.Connect();
        shell.Run("""Set-AcmConfig new.json '{"NEW":"1"}'""").ThrowOnError();

        shell.Run($"Export-AcmEnvironment new.json -Path '{link}'").ThrowOnError();

        Assert.Equal(file, new FileInfo(link).LinkTarget);
        Assert.Equal("NEW=1\n", File.ReadAllText(file));
        Assert.False(File.Exists(abandoned));
    }

    [Fact]
    public void A_file_that_is_emptied_is_warned_of()
    {
        string file = _folder.Write("e.env", "OLD=1\n");
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig none.json '{}'").ThrowOnError();

        ModuleResult result = shell.Run($"Export-AcmEnvironment none.json -Path '{file}' -WarningVariable w -WarningAction SilentlyContinue; $w | ForEach-Object {{ \"$_\" }}");

        Assert.Single(result.Texts, text => text.Contains("is now empty", StringComparison.Ordinal));
    }

    private string Export(Dictionary<string, string> values)
    {
        string file = Path.Combine(_folder.Path, "x.env");
        ModuleShell shell = server.Connect();
        shell["content"] = JsonSerializer.Serialize(values);
        shell.Run($"Set-AcmConfig all.json $content; Export-AcmEnvironment all.json -Path '{file}' -WarningAction SilentlyContinue").ThrowOnError();
        return file;
    }

    /// <summary>Returns the output of a program; null if its probe fails, for example because it is a shim of a program that is not installed.</summary>
    private static string? Run(string[] probe, params string[] arguments) =>
        Start(probe[0], probe[1..]) is not { Code: 0 } ? null
        : Start(probe[0], arguments) is { Code: 0 } done ? done.Output
        : throw new InvalidOperationException($"{probe[0]} is there and failed: {Start(probe[0], arguments)?.Error}");

    private static (int Code, string Output, string Error)? Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8 };
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["PYTHONIOENCODING"] = "utf-8";
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.Result);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
