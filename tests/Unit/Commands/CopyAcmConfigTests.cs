using Acm.Tests.Support;

namespace Acm.Tests.Commands;

public sealed class CopyAcmConfigTests(ModuleServer server) : IClassFixture<ModuleServer>
{
    [Theory]
    [InlineData("Copy-AcmConfig -ToNamespace $to", "DEFAULT_GROUP/app=1 DEFAULT_GROUP/theirs=t SHOP/db=2")]
    [InlineData("Copy-AcmConfig app -ToNamespace $to", "DEFAULT_GROUP/app=1 DEFAULT_GROUP/theirs=t")]
    [InlineData("Copy-AcmConfig * SHOP -ToNamespace $to", "DEFAULT_GROUP/app=old DEFAULT_GROUP/theirs=t SHOP/db=2")]
    [InlineData("Copy-AcmConfig -Prefix d -ToNamespace $to", "DEFAULT_GROUP/app=old DEFAULT_GROUP/theirs=t SHOP/db=2")]
    [InlineData("Copy-AcmConfig -ToNamespace $to -Delete -Force", "DEFAULT_GROUP/app=1 SHOP/db=2")]
    [InlineData("Copy-AcmConfig -Group SHOP -ToNamespace $to -Delete -Force", "DEFAULT_GROUP/app=old DEFAULT_GROUP/theirs=t SHOP/db=2")]
    [InlineData("Copy-AcmConfig -ToNamespace $to -Delete -WhatIf", "DEFAULT_GROUP/app=old DEFAULT_GROUP/theirs=t")]
    [InlineData("Copy-AcmConfig -ToSession $other -NoDecrypt", "DEFAULT_GROUP/app=1 DEFAULT_GROUP/theirs=t SHOP/db=2")]
    [InlineData("Copy-AcmConfig -Namespace $ns -ToSession $other -ToNamespace $to", "DEFAULT_GROUP/app=1 DEFAULT_GROUP/theirs=t SHOP/db=2")]
    public void What_is_asked_for_is_copied_and_nothing_else(string script, string expected)
    {
        ModuleShell shell = Filled();

        ModuleResult result = shell.Run(script);

        Assert.Empty(result.Errors);
        Assert.Equal("Acm.Client.Transfer.TransferSummary", Assert.Single(result.Output).TypeNames[0]);
        Assert.Equal(expected, There(shell));
    }

    [Fact]
    public void Running_again_has_nothing_to_do()
    {
        ModuleShell shell = Filled();

        ModuleResult result = shell.Run("$null = Copy-AcmConfig -ToNamespace $to; Copy-AcmConfig -ToNamespace $to | ForEach-Object { \"$($_.Added) $($_.Changed) $($_.Unchanged) $($_.IsComplete)\" }");

        Assert.Equal(["0 0 2 True"], result.Texts);
    }

    [Theory]
    [InlineData("Copy-AcmConfig")]
    [InlineData("Copy-AcmConfig -ToNamespace $ns")]
    [InlineData("Copy-AcmConfig -ToSession (Get-AcmSession)")]
    public void Nowhere_and_onto_itself_are_refused(string script)
    {
        ModuleShell shell = Filled();

        ModuleResult result = shell.Run(script);

        Assert.Equal("AcmInvalidParameter", result.ErrorId);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void A_source_without_anything_does_not_empty_the_target()
    {
        ModuleShell shell = Filled();

        ModuleResult result = shell.Run("Copy-AcmConfig none* -ToNamespace $to -Delete; Copy-AcmConfig * none* -ToNamespace $to -Delete; Copy-AcmConfig -Namespace nobody -ToNamespace $to -Delete");

        Assert.Equal("AcmConfigNotFound", result.ErrorId);
        Assert.Equal("DEFAULT_GROUP/app=old DEFAULT_GROUP/theirs=t", There(shell));
    }

    [Theory]
    [InlineData("Find-AcmConfig -Group SHOP | Copy-AcmConfig -ToNamespace $to -Delete -Force", "DEFAULT_GROUP/app=old DEFAULT_GROUP/theirs=t SHOP/db=2")]
    [InlineData("Find-AcmConfig | Copy-AcmConfig -ToNamespace $to", "DEFAULT_GROUP/app=1 DEFAULT_GROUP/theirs=t SHOP/db=2")]
    [InlineData("[pscustomobject]@{ DataId = 'app'; Group = 'DEFAULT_GROUP' } | Copy-AcmConfig -ToNamespace $to", "DEFAULT_GROUP/app=1 DEFAULT_GROUP/theirs=t")]
    public void Piped_keys_are_copied_and_nothing_else(string script, string expected)
    {
        ModuleShell shell = Filled();

        ModuleResult result = shell.Run(script);

        Assert.Empty(result.Errors);
        Assert.Single(result.Output);
        Assert.Equal(expected, There(shell));
    }

    [Theory]
    [InlineData("'app' | Copy-AcmConfig -ToNamespace $to -Delete -Force")]
    [InlineData("$null | Copy-AcmConfig -ToNamespace $to -Delete -Force")]
    [InlineData("(Find-AcmConfig)[0], 7 | Copy-AcmConfig -ToNamespace $to -Delete -Force")]
    public void A_record_that_names_nothing_ends_it_before_anything_is_done(string script)
    {
        ModuleShell shell = Filled();

        ModuleResult result = shell.Run(script);

        Assert.Equal("AcmInvalidParameter", result.ErrorId);
        Assert.Empty(result.Output);
        Assert.Equal("DEFAULT_GROUP/app=old DEFAULT_GROUP/theirs=t", There(shell));
    }

    [Fact]
    public void An_empty_pipe_copies_nothing_and_says_so()
    {
        ModuleShell shell = Filled();

        ModuleResult result = shell.Run("Find-AcmConfig none* | Copy-AcmConfig -ToNamespace $to -Delete -Force");

        Assert.Empty(result.Errors);
        Assert.Empty(result.Output);
        Assert.Equal(["No input was piped; nothing was copied."], result.Warnings);
        Assert.Equal("DEFAULT_GROUP/app=old DEFAULT_GROUP/theirs=t", There(shell));
    }

    [Fact]
    public void A_namespace_that_is_not_there_is_an_error_with_Delete_and_without()
    {
        ModuleShell shell = Filled();

        ModuleResult plain = shell.Run("Copy-AcmConfig -Namespace nobody -ToNamespace $to");
        ModuleResult delete = shell.Run("Copy-AcmConfig -Namespace nobody -ToNamespace $to -Delete -Confirm:$false");

        Assert.Equal(["AcmConfigNotFound", "AcmConfigNotFound"], [plain.ErrorId, delete.ErrorId]);
        Assert.Empty(plain.Output);
        Assert.Equal("DEFAULT_GROUP/app=old DEFAULT_GROUP/theirs=t", There(shell));
    }

    [Fact]
    public void Confirm_false_answers_the_question_and_keeps_the_guard_against_a_source_that_is_suddenly_tiny()
    {
        ModuleShell shell = Filled();
        shell.Run("1..20 | ForEach-Object { Set-AcmConfig \"more-$_\" 'x' -Namespace $to }").ThrowOnError();

        ModuleResult guarded = shell.Run("Copy-AcmConfig -ToNamespace $to -Delete -Confirm:$false");
        int left = shell.Run("Find-AcmConfig more-* -Namespace $to").Output.Count;
        ModuleResult forced = shell.Run("(Copy-AcmConfig -ToNamespace $to -Delete -Force).Removed");

        Assert.Equal("AcmInvalidParameter", guarded.ErrorId);
        Assert.Equal(20, left);
        Assert.Equal(["21"], forced.Texts);
    }

    [Fact]
    public void The_guard_stops_where_more_goes_than_stays_and_at_least_three()
    {
        ModuleShell shell = Filled();
        shell.Run("1..2 | ForEach-Object { Set-AcmConfig \"more-$_\" 'x' -Namespace $to }").ThrowOnError();

        ModuleResult guarded = shell.Run("Copy-AcmConfig -ToNamespace $to -Delete -Confirm:$false");

        Assert.Equal("AcmInvalidParameter", guarded.ErrorId);
    }

    [Fact]
    public void Confirm_false_answers_the_question()
    {
        ModuleShell shell = Filled();

        ModuleResult result = shell.Run("(Copy-AcmConfig -ToNamespace $to -Delete -Confirm:$false).Removed");

        Assert.Empty(result.Errors);
        Assert.Equal(["1"], result.Texts);
    }

    private ModuleShell Filled()
    {
        ModuleShell shell = server.Connect();
        shell["to"] = server.NewNamespace();
        shell.Run("""
            $here = Get-AcmSession
            $other = Connect-Acm $endpoint $to -NoSnapshot
            Set-AcmConfig app 'old'; Set-AcmConfig theirs 't'
            $null = Connect-Acm $endpoint $ns -NoSnapshot
            Set-AcmConfig app '1'; Set-AcmConfig db '2' -Group SHOP
            """).ThrowOnError();
        return shell;
    }

    private static string There(ModuleShell shell) => string.Join(
        " ", shell.Run("Find-AcmConfig -Namespace $to | Get-AcmConfig -Namespace $to | ForEach-Object { \"$($_.Key)=$($_.Content)\" }").ThrowOnError().Texts.Order(StringComparer.Ordinal));
}
