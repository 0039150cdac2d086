using Acm.Tests.Support;

namespace Acm.Tests.Commands;

/// <summary>The views format raw values.</summary>
public sealed class DisplayTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1.0 KB")]
    [InlineData(1536, "1.5 KB")]
    [InlineData(10_189, "10 KB")]
    [InlineData(1_048_063, "1023 KB")]
    [InlineData(1_048_575, "1.0 MB")]
    [InlineData(10_485_760, "10 MB")]
    [InlineData(5_368_709_120, "5.0 GB")]
    public void A_size_is_in_the_unit_that_people_take(long bytes, string expected) => Assert.Equal(expected, Show($"Size({bytes})"));

    [Theory]
    [InlineData("AddSeconds(-5)", "just now")]
    [InlineData("AddSeconds(20)", "just now")]
    [InlineData("AddSeconds(-50)", "1 min ago")]
    [InlineData("AddSeconds(-125)", "2 min ago")]
    [InlineData("AddHours(-1)", "1 h ago")]
    [InlineData("AddHours(-23)", "23 h ago")]
    public void A_moment_of_today_is_told_by_its_age(string moment, string expected) => Assert.Equal(expected, Show($"Ago([DateTimeOffset]::UtcNow.{moment})"));

    [Fact]
    public void An_older_moment_is_a_local_date_and_none_is_nothing()
    {
        Assert.Equal("2024-02-29", Show("Ago([DateTimeOffset]::new(2024, 2, 29, 12, 0, 0, [TimeZoneInfo]::Local.GetUtcOffset([DateTime]::new(2024, 2, 29, 12, 0, 0))))"));
        Assert.Equal("", Show("Ago($null)"));
        Assert.Equal("", Show("Time($null)"));
        Assert.Matches(@"^2024-02-(28|29) \d\d:00:00 [+-]\d\d:\d\d$", Show("Time([DateTimeOffset]::new(2024, 2, 29, 12, 0, 0, '-00:00:00'))"));
    }

    [Theory]
    [InlineData("FromMilliseconds(12.4)", "12 ms")]
    [InlineData("FromSeconds(3.44)", "3.4 s")]
    [InlineData("FromSeconds(40)", "40 s")]
    [InlineData("FromMinutes(2)", "2 min")]
    [InlineData("FromHours(1.5)", "1.5 h")]
    public void A_duration_is_in_the_unit_that_people_take(string duration, string expected) => Assert.Equal(expected, Show($"Duration([TimeSpan]::{duration})"));

    [Fact]
    public void Text_is_broken_between_words_for_the_width_that_is_left() =>
        // The width without a terminal is 120.
        Assert.Equal("one two three four\na-word-that-is-longer-than-the-rest", Show("Wrap('one two three four a-word-that-is-longer-than-the-rest', $null, 100)"));

    [Theory]
    [InlineData("'Failed', 'Error', $null", "Failed")]
    [InlineData("'Failed', 'Error', [pscustomobject]@{ Formatting = [pscustomobject]@{ Error = '<'; Warning = '!' }; Reset = '>' }", "<Failed>")]
    [InlineData("'Old', 'Warning', [pscustomobject]@{ Formatting = [pscustomobject]@{ Error = '<'; Warning = '!' }; Reset = '>' }", "!Old>")]
    [InlineData("'Fine', $null, [pscustomobject]@{ Formatting = [pscustomobject]@{ Error = '<'; Warning = '!' }; Reset = '>' }", "Fine")]
    [InlineData("$null, 'Error', $null", "")]
    public void Colour_is_the_users_style_and_there_is_none_without_it(string arguments, string expected) => Assert.Equal(expected, Show($"Tone({arguments})"));

    [Theory]
    [InlineData("Text('a' + [char]27 + '[2Jb' + [char]0x202E + \"`n::error::x ##vso[y]\")", "a\uFFFD[2Jb\uFFFD : :error::x # #vso[y]")]
    [InlineData("Lines(\"a`t1`n::error::x`n\" + [char]27)", "a\t1\n: :error::x\n\uFFFD")]
    [InlineData("Text($null)", "")]
    public void Foreign_text_is_only_shown(string call, string expected) => Assert.Equal(expected, Show(call));

    [Fact]
    public void An_error_shows_neither_in_its_message_nor_as_its_target_what_a_build_agent_runs()
    {
        using ModuleShell shell = ModuleShell.Open();

        ModuleResult result = shell.Run("$null = Connect-Acm 127.0.0.1:1 -Direct -NoAuth -NoSnapshot; Get-AcmConfig 'a ::error::x' -ErrorVariable e -ErrorAction SilentlyContinue; \"$($e[0])\"; $e[0].CategoryInfo.TargetName");

        Assert.Equal(2, result.Texts.Count);
        Assert.All(result.Texts, text => Assert.Contains("a : :error::x", text, StringComparison.Ordinal));
    }

    private static string Show(string call)
    {
        using ModuleShell shell = ModuleShell.Open();
        return Assert.Single(shell.Run($"[Threading.Thread]::CurrentThread.CurrentCulture = [cultureinfo]::InvariantCulture; [AcmPowerShell.Display]::{call}").ThrowOnError().Texts);
    }
}
