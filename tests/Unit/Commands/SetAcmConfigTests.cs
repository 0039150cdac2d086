using System.Management.Automation;
using Acm.Tests.Support;

namespace Acm.Tests.Commands;

public sealed class SetAcmConfigTests(ModuleServer server) : IClassFixture<ModuleServer>
{
    [Fact]
    public void Nothing_is_written_without_PassThru_and_the_stored_value_with_it()
    {
        ModuleShell shell = server.Connect();

        ModuleResult silent = shell.Run("Set-AcmConfig a 'x: 1'");
        ModuleResult result = shell.Run("Set-AcmConfig a 'x: 2' -Group G -PassThru");

        Assert.Empty(silent.Output);
        Assert.Empty(silent.Errors);
        PSObject config = Assert.Single(result.Output);
        Assert.Equal("G/a", config.Properties["Key"].Value.ToString());
        Assert.Equal("x: 2", config.ToString());
        Assert.Equal("x: 2", config.Properties["Content"].Value);
    }

    [Theory]
    [InlineData("'a', 'b', '' | Set-AcmConfig x", "a\nb\n")]
    [InlineData("'a', 'b' | Set-AcmConfig x", "a\nb")]
    [InlineData("'a', 'b' | Set-AcmConfig x -NoNewline", "ab")]
    [InlineData("Set-AcmConfig x 'a', 'b'", "a\nb")]
    [InlineData("Set-AcmConfig x \"a`r`nb\"", "a\r\nb")]
    [InlineData("\"a`r`n\" | Set-AcmConfig x", "a\r\n")]
    public void Strings_are_joined_with_a_line_feed_and_nothing_is_added(string script, string expected)
    {
        ModuleShell shell = server.Connect();

        ModuleResult result = shell.Run(script + "; Get-AcmConfig x -Raw");

        Assert.Equal([expected], result.Texts);
    }

    [Fact]
    public void Nothing_piped_publishes_nothing()
    {
        ModuleShell shell = server.Connect();

        ModuleResult result = shell.Run("@() | Set-AcmConfig x; Find-AcmConfig");

        Assert.Empty(result.Output);
        Assert.Empty(result.Errors);
    }

    [Theory]
    [InlineData("[guid]::Empty | Set-AcmConfig x")]
    [InlineData("Set-AcmConfig x ([DayOfWeek]::Monday)")]
    [InlineData("Set-AcmConfig x 'a', ([guid]::Empty)")]
    [InlineData("@{ a = 1 } | Set-AcmConfig x")]
    [InlineData("Set-AcmConfig x @{ a = 1 }")]
    [InlineData("[datetime]::UnixEpoch | Set-AcmConfig x")]
    [InlineData("$null | Set-AcmConfig x")]
    [InlineData("Set-AcmConfig x $null")]
    public void What_is_no_string_is_refused(string script)
    {
        ModuleShell shell = server.Connect();

        ModuleResult result = shell.Run(script);
        ModuleResult stored = shell.Run("Find-AcmConfig");

        Assert.Single(result.Errors);
        Assert.Empty(stored.Output);
    }

    [Theory]
    [InlineData("'a', (Get-Date), 'c' | Set-AcmConfig x", "System.DateTime")]
    [InlineData("'a', $null, 'c' | Set-AcmConfig x", "null")]
    [InlineData("'a', @{ a = 1 } | Set-AcmConfig x", "System.Collections.Hashtable")]
    [InlineData("'a', @{} | Set-AcmConfig x", "System.Collections.Hashtable")]
    [InlineData("[pscustomobject]@{ Other = 1 }, 'c' | Set-AcmConfig x", "PSCustomObject")]
    [InlineData("[pscustomobject]@{ Content = [guid]::Empty } | Set-AcmConfig x", "System.Guid")]
    [InlineData("Set-AcmConfig x ([guid]::Empty)", "System.Guid")]
    [InlineData("Set-AcmConfig x @{ a = 1 }", "System.Collections.Hashtable")]
    [InlineData("Set-AcmConfig x 'a', ([DayOfWeek]::Monday)", "System.DayOfWeek")]
    [InlineData("Set-AcmConfig x $null", "null")]
    public void One_line_that_is_no_text_ends_the_command_and_publishes_nothing(string script, string type)
    {
        ModuleShell shell = server.Connect();

        ModuleResult result = shell.Run($"try {{ {script}; 'went on' }} catch {{ $_ }}; Find-AcmConfig");

        var error = (ErrorRecord)Assert.Single(result.Output).BaseObject;
        Assert.Equal("AcmInvalidContent,AcmPowerShell.SetAcmConfigCommand", error.FullyQualifiedErrorId);
        Assert.Contains(type, error.Exception.Message, StringComparison.Ordinal);
        if (type != "null") Assert.Contains("ConvertTo-Json", error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_object_whose_content_is_no_text_is_an_error_of_its_own()
    {
        ModuleShell shell = server.Connect();

        ModuleResult result = shell.Run("""
            [pscustomobject]@{ DataId = 'a'; Content = [guid]::Empty }, [pscustomobject]@{ DataId = 'b'; Content = '2' } | Set-AcmConfig
            Find-AcmConfig
            """);

        Assert.Equal("AcmInvalidContent", result.ErrorId);
        Assert.Equal(["DEFAULT_GROUP/b"], result.Texts);
    }

    [Theory]
    [InlineData("Get-AcmConfig g, h | Set-AcmConfig merged")]
    [InlineData("'line', (Get-AcmConfig g) | Set-AcmConfig merged")]
    [InlineData("(Get-AcmConfig g), 'line' | Set-AcmConfig merged")]
    [InlineData("[pscustomobject]@{ Content = '1' }, [pscustomobject]@{ Content = '2' } | Set-AcmConfig merged")]
    public void Only_strings_are_joined_several_objects_to_one_data_id_are_refused(string script)
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig g '1'; Set-AcmConfig h '2'").ThrowOnError();

        ModuleResult result = shell.Run($"try {{ {script}; 'went on' }} catch {{ $_ }}; Find-AcmConfig merged");

        var error = (ErrorRecord)Assert.Single(result.Output).BaseObject;
        Assert.Equal("AcmInvalidParameter,AcmPowerShell.SetAcmConfigCommand", error.FullyQualifiedErrorId);
    }

    [Fact]
    public void One_object_goes_to_the_data_id_that_was_given_in_its_own_group()
    {
        ModuleShell shell = server.Connect();

        ModuleResult result = shell.Run("Set-AcmConfig g '1' -Group G; Get-AcmConfig g G | Set-AcmConfig copy; Get-AcmConfig copy G -Raw");

        Assert.Empty(result.Errors);
        Assert.Equal(["1"], result.Texts);
    }

    [Fact]
    public void Objects_bind_by_property_each_a_configuration_of_its_own()
    {
        ModuleShell shell = server.Connect();

        ModuleResult result = shell.Run("""
            [pscustomobject]@{ DataId = 'a'; Content = '1' }, [pscustomobject]@{ DataId = 'b'; Content = '2'; Group = 'G' } | Set-AcmConfig
            Get-AcmConfig * -Group * | ForEach-Object { "$($_.Key)=$($_.Content)" }
            """);

        Assert.Empty(result.Errors);
        Assert.Equal(["DEFAULT_GROUP/a=1", "G/b=2"], result.Texts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_configuration_of_another_namespace_goes_where_the_command_line_says()
    {
        string from = server.NewNamespace();
        string to = server.NewNamespace();
        ModuleShell shell = server.Connect(from);
        shell["to"] = to;
        shell.Run("Set-AcmConfig a 'x' -Group G; $target = Connect-Acm $endpoint $to -NoSnapshot; $null = Connect-Acm $endpoint $ns -NoSnapshot").ThrowOnError();

        ModuleResult result = shell.Run("Get-AcmConfig a G | Set-AcmConfig -Session $target -Namespace $to -PassThru | ForEach-Object { $_.Namespace }; Get-AcmConfig a G -Session $target -Raw");

        Assert.Empty(result.Errors);
        Assert.Equal([to, "x"], result.Texts);
    }

    [Fact]
    public void An_empty_pipe_publishes_nothing_and_says_so()
    {
        ModuleShell shell = server.Connect();

        ModuleResult result = shell.Run("@() | Set-AcmConfig e.txt");

        Assert.Empty(result.Errors);
        Assert.Equal(["No input was piped; nothing was published as 'DEFAULT_GROUP/e.txt'."], result.Warnings);
    }

    [Theory]
    [InlineData("$null", "a null value")]
    [InlineData("''", "empty content")]
    public void Null_and_empty_content_get_the_same_advice(string content, string word)
    {
        ModuleShell shell = server.Connect();

        ModuleResult result = shell.Run($"Set-AcmConfig y {content}");

        Assert.Equal("AcmInvalidContent", result.ErrorId);
        Assert.EndsWith($"Cannot publish {word}: servers do not store empty configurations. Remove the configuration instead.", result.Error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_comes_last_for_a_key_is_what_stays()
    {
        ModuleShell shell = server.Connect();

        ModuleResult result = shell.Run("1..40 | ForEach-Object { [pscustomobject]@{ DataId = 'same'; Content = \"v$_\" } } | Set-AcmConfig; Get-AcmConfig same -Raw");

        Assert.Empty(result.Errors);
        Assert.Equal(["v40"], result.Texts);
    }

    [Fact]
    public void IfMatch_writes_only_over_the_value_that_was_read()
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig a 'one'; $read = Get-AcmConfig a").ThrowOnError();

        ModuleResult first = shell.Run("Set-AcmConfig a 'two' -IfMatch $read.Md5");
        ModuleResult second = shell.Run("Set-AcmConfig a 'three' -IfMatch $read.Md5.ToUpperInvariant()");
        ModuleResult stored = shell.Run("Get-AcmConfig a -Raw");

        Assert.Empty(first.Errors);
        Assert.Equal("AcmConflict", second.ErrorId);
        Assert.Equal(ErrorCategory.ResourceBusy, second.Error.CategoryInfo.Category);
        Assert.Equal("DEFAULT_GROUP/a", second.Error.TargetObject.ToString());
        Assert.Equal(["two"], stored.Texts);
    }

    [Fact]
    public void NoClobber_creates_and_does_not_replace()
    {
        ModuleShell shell = server.Connect();

        ModuleResult first = shell.Run("Set-AcmConfig a 'one' -NoClobber");
        ModuleResult second = shell.Run("Set-AcmConfig a 'two' -NoClobber; Get-AcmConfig a -Raw");

        Assert.Empty(first.Errors);
        Assert.Equal("AcmConfigExists", second.ErrorId);
        Assert.Equal(ErrorCategory.ResourceExists, second.Error.CategoryInfo.Category);
        Assert.Equal(["one"], second.Texts);
    }

    [Theory]
    [InlineData("Set-AcmConfig a ''", "AcmInvalidContent")]
    [InlineData("Set-AcmConfig a 'x😀'", "AcmInvalidContent")]
    [InlineData("Set-AcmConfig 'a/b/c' 'x'", "AcmInvalidKey")]
    [InlineData("Set-AcmConfig a ('x' * 200000)", "AcmContentTooLarge")]
    [InlineData("Set-AcmConfig a x -IfMatch short", "ParameterArgumentValidationError")]
    [InlineData("Set-AcmConfig a x -IfMatch 00000000000000000000000000000000 -NoClobber", "AcmInvalidParameter")]
    public void What_can_not_be_stored_is_a_clear_error(string script, string id)
    {
        ModuleShell shell = server.Connect();

        ModuleResult result = shell.Run(script);
        ModuleResult stored = shell.Run("Find-AcmConfig");

        Assert.Equal(id, result.ErrorId);
        Assert.Empty(stored.Output);
    }

    [Theory]
    [InlineData("Set-AcmConfig a \"$([char]::ConvertFromUtf32(0x1F600))\" -WhatIf", "AcmInvalidContent")]
    [InlineData("Set-AcmConfig a '  ' -WhatIf", "AcmInvalidContent")]
    [InlineData("Set-AcmConfig 'a b' 'x' -WhatIf", "AcmInvalidKey")]
    [InlineData("Set-AcmConfig cipher-a 'x' -WhatIf", "AcmInvalidContent")]
    public void WhatIf_finds_what_a_publish_would_refuse(string script, string id)
    {
        ModuleShell shell = server.Connect();
        string published = shell.Run(script.Replace(" -WhatIf", "", StringComparison.Ordinal)).ErrorId!;

        ModuleResult result = shell.Run(script);

        Assert.Equal(published, result.ErrorId);
        Assert.Equal(id, result.ErrorId);
    }

    [Fact]
    public void WhatIf_changes_nothing()
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig a 'one'").ThrowOnError();

        ModuleResult result = shell.Run("Set-AcmConfig a 'two' -WhatIf -PassThru; Set-AcmConfig b 'new' -WhatIf; Get-AcmConfig * -Raw");

        Assert.Empty(result.Errors);
        Assert.Equal(["one"], result.Texts);
    }

    [Theory]
    [InlineData("Set-AcmConfig a 'two' -Confirm")]
    [InlineData("$ConfirmPreference = 'Medium'; Set-AcmConfig a 'two'")]
    public void A_question_that_can_not_be_asked_is_an_error_that_names_the_way_out(string script)
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig a 'one'").ThrowOnError();

        ModuleResult result = shell.Run(script);
        ModuleResult stored = shell.Run("Get-AcmConfig a -Raw");

        Assert.Equal("AcmConfirmationImpossible", result.ErrorId);
        Assert.Contains("-Confirm:$false", result.Error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal(["one"], stored.Texts);
    }
}
