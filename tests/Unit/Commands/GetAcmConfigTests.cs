using System.Management.Automation;
using Acm.Tests.Support;

namespace Acm.Tests.Commands;

public sealed class GetAcmConfigTests(ModuleServer server) : IClassFixture<ModuleServer>
{
    [Fact]
    public void The_object_holds_the_value_and_where_it_came_from()
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig app.yaml 'a: 中'").ThrowOnError();

        ModuleResult result = shell.Run("Get-AcmConfig app.yaml");

        PSObject config = Assert.Single(result.Output);
        Assert.Contains("Acm.Client.AcmConfig", config.TypeNames);
        Assert.Equal("a: 中", config.Properties["Content"].Value);
        Assert.Equal("DEFAULT_GROUP", config.Properties["Group"].Value);
        Assert.Equal(shell["ns"], config.Properties["Namespace"].Value);
        Assert.Equal(5, config.Properties["Size"].Value);
        Assert.Equal("Server", config.Properties["Source"].Value.ToString());
    }

    [Fact]
    public void Raw_writes_the_bare_text()
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig app.yaml \"a`r`nb`n\"").ThrowOnError();

        ModuleResult result = shell.Run("Get-AcmConfig app.yaml -Raw");

        Assert.Equal("a\r\nb\n", Assert.IsType<string>(Assert.Single(result.Output).BaseObject));
    }

    [Fact]
    public void A_name_that_is_not_there_is_an_error_for_its_item_and_the_others_go_on()
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig a '1'; Set-AcmConfig c '3'").ThrowOnError();

        ModuleResult result = shell.Run("Get-AcmConfig a, missing, c -Raw");

        Assert.Equal(["1", "3"], result.Texts);
        Assert.Equal("AcmConfigNotFound,AcmPowerShell.GetAcmConfigCommand", result.Error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ObjectNotFound, result.Error.CategoryInfo.Category);
        Assert.Equal("DEFAULT_GROUP/missing", result.Error.TargetObject.ToString());
    }

    [Theory]
    [InlineData("Get-AcmConfig a -Group G1, G2 -Raw", "1 2")]
    [InlineData("Get-AcmConfig a -Group G1, H* -Raw", "1 3")]
    [InlineData("Get-AcmConfig * -Group G1, G2 -Raw", "1 2")]
    [InlineData("Get-AcmConfig a -Group G1, G2 -Raw | Select-Object -First 1", "1")]
    [InlineData("Remove-AcmConfig a -Group G1, G2; Get-AcmConfig a -Group * -Raw", "3")]
    [InlineData("Remove-AcmConfig a -Group G1, H* -Force; Get-AcmConfig a -Group * -Raw", "2")]
    public void Several_groups_are_read_and_removed(string script, string expected)
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig a '1' -Group G1; Set-AcmConfig a '2' -Group G2; Set-AcmConfig a '3' -Group H1").ThrowOnError();

        ModuleResult result = shell.Run(script);

        Assert.Empty(result.Errors);
        Assert.Equal(expected, string.Join(" ", result.Texts.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void A_group_in_brackets_that_do_not_close_is_an_error_of_its_item()
    {
        ModuleShell shell = server.Connect();

        ModuleResult result = shell.Run("Get-AcmConfig a -Group '['");

        Assert.Equal("AcmInvalidKey", result.ErrorId);
    }

    [Fact]
    public void A_wildcard_reads_what_matches_and_none_that_matches_is_no_error()
    {
        ModuleShell shell = server.Connect();
        shell.Run("'app.a', 'app.b', 'other' | ForEach-Object { Set-AcmConfig $_ \"of $_\" }; Set-AcmConfig app.c 'in G' -Group G").ThrowOnError();

        ModuleResult some = shell.Run("Get-AcmConfig app* -Group DEFAULT_GROUP -Raw");
        ModuleResult groups = shell.Run("Get-AcmConfig app* -Raw");
        ModuleResult none = shell.Run("Get-AcmConfig nothing*; Get-AcmConfig APP*");

        Assert.Equal(["of app.a", "of app.b"], some.Texts.Order(StringComparer.Ordinal));
        Assert.Equal(["in G", "of app.a", "of app.b"], groups.Texts.Order(StringComparer.Ordinal));
        Assert.Empty(none.Output);
        Assert.Empty(none.Errors);
    }

    [Fact]
    public void Keys_bind_by_property_with_their_group()
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig a 'x' -Group G1; Set-AcmConfig b 'y' -Group G2").ThrowOnError();

        ModuleResult result = shell.Run("Find-AcmConfig | Get-AcmConfig -Raw");

        Assert.Empty(result.Errors);
        Assert.Equal(["x", "y"], result.Texts.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    public void Results_come_in_the_order_of_the_input_with_errors_between(int throttleLimit)
    {
        ModuleShell shell = server.Connect();
        shell["limit"] = throttleLimit;
        shell.Run("1..150 | ForEach-Object { [pscustomobject]@{ DataId = \"k$_\"; Content = \"v$_\" } } | Set-AcmConfig").ThrowOnError();

        ModuleResult result = shell.Run("150..1 | ForEach-Object { if ($_ % 50 -eq 0) { 'missing' } else { \"k$_\" } } | Get-AcmConfig -Raw -ThrottleLimit $limit");

        Assert.Equal(Enumerable.Range(1, 150).Reverse().Where(i => i % 50 != 0).Select(i => "v" + i), result.Texts);
        Assert.Equal(3, result.Errors.Count);
    }

    [Fact]
    public void One_by_one_writes_each_result_before_the_next_item_is_taken()
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig a '1'; Set-AcmConfig b '2'").ThrowOnError();

        ModuleResult result = shell.Run("$log = [System.Collections.ArrayList]::new(); 'a', 'b' | ForEach-Object { $null = $log.Add(\"in $_\"); $_ } | Get-AcmConfig -Raw -ThrottleLimit 1 | ForEach-Object { $null = $log.Add(\"out $_\") }; $log");

        Assert.Equal(["in a", "out 1", "in b", "out 2"], result.Texts);
    }

    [Theory]
    [InlineData("Get-AcmConfig ''", "ParameterArgumentValidationError")]
    [InlineData("Get-AcmConfig 'a/b/c'", "AcmInvalidKey")]
    [InlineData("Get-AcmConfig '..'", "AcmInvalidKey")]
    [InlineData("Get-AcmConfig 'a\\b'", "AcmInvalidKey")]
    [InlineData("Get-AcmConfig 'a b'", "AcmInvalidKey")]
    [InlineData("Get-AcmConfig 'a+b'", "AcmInvalidKey")]
    [InlineData("Get-AcmConfig \"a`0b\"", "AcmInvalidKey")]
    [InlineData("Get-AcmConfig '配置'", "AcmInvalidKey")]
    [InlineData("Get-AcmConfig ('x' * 257)", "AcmInvalidKey")]
    [InlineData("Get-AcmConfig a -Group 'a/b'", "AcmInvalidKey")]
    [InlineData("Get-AcmConfig a -Namespace 'a/b'", "AcmInvalidKey")]
    public void A_name_that_the_protocol_does_not_allow_is_a_clear_error(string script, string id)
    {
        ModuleShell shell = server.Connect();

        ModuleResult result = shell.Run(script);

        Assert.StartsWith(id, result.ErrorId, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void A_piped_file_is_no_data_id()
    {
        ModuleShell shell = server.Connect();

        ModuleResult result = shell.Run("[System.IO.FileInfo]::new('/tmp/some.json') | Get-AcmConfig");

        Assert.Equal("InputObjectNotBound", result.ErrorId);
    }

    [Fact]
    public void The_session_and_namespace_of_the_command_line_are_used()
    {
        ModuleShell shell = server.Connect();
        string elsewhere = server.NewNamespace();
        shell["elsewhere"] = elsewhere;
        shell.Run("Set-AcmConfig a 'here'; Set-AcmConfig a 'there' -Namespace $elsewhere").ThrowOnError();

        ModuleResult result = shell.Run("Get-AcmConfig a -Raw; Get-AcmConfig a -Raw -Namespace $elsewhere; $s = Get-AcmSession; Disconnect-Acm; $null = Connect-Acm $endpoint $elsewhere; Get-AcmConfig a -Raw");

        Assert.Equal(["here", "there", "there"], result.Texts);
    }

    [Fact]
    public void Verbose_tells_the_server_and_the_time_and_debug_the_headers()
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig a 'x'").ThrowOnError();

        ModuleResult result = shell.Run("Get-AcmConfig a -Verbose -Debug");

        Assert.Contains(result.Verbose, line => line.Contains(server.Endpoint, StringComparison.Ordinal) && line.Contains("ms", StringComparison.Ordinal));
        Assert.Contains(result.Debug, line => line.Contains("Content-MD5", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void The_preference_variables_count_as_the_switches_do()
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig a 'x'").ThrowOnError();

        ModuleResult result = shell.Run("$VerbosePreference = 'Continue'; Get-AcmConfig a; Get-AcmConfig a -Verbose:$false");

        Assert.Single(result.Verbose, line => line.Contains("answered", StringComparison.Ordinal));
    }
}
