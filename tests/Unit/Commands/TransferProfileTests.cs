using Acm.Tests.Support;

namespace Acm.Tests.Commands;

/// <summary>Profiles as the source and target of a transfer.</summary>
[Collection(ProfilesCollection.Name)]
public sealed class TransferProfileTests : IDisposable
{
    private readonly ModuleProfiles _profiles = new();
    private readonly ModuleServer _server = new();
    private readonly ModuleShell _shell = ModuleShell.Open();

    public TransferProfileTests()
    {
        _shell["endpoint"] = _server.Endpoint;
        _shell.Run("""
            Add-AcmProfile dev -Endpoint $endpoint -Namespace dev -NoSnapshot -SkipTest
            Add-AcmProfile prod -Endpoint $endpoint -Namespace prod -NoSnapshot -SkipTest
            $null = Connect-Acm -Profile dev
            Set-AcmConfig app '1'
            Disconnect-Acm
            """).ThrowOnError();
    }

    public void Dispose()
    {
        _shell.Dispose();
        _server.Dispose();
        _profiles.Dispose();
    }

    [Fact]
    public void Profiles_are_compared_and_copied_without_a_session_and_leave_none_behind()
    {
        ModuleResult result = _shell.Run("""
            Compare-AcmConfig -Profile dev -ToProfile prod | ForEach-Object { "$_ $($_.State)" }
            Copy-AcmConfig -Profile dev -ToProfile prod | ForEach-Object Added
            Compare-AcmConfig -Profile dev -ToProfile prod -Quiet
            Copy-AcmConfig -Profile dev -ToNamespace third | ForEach-Object Added
            Compare-AcmConfig -Profile dev -ToProfile prod -ToNamespace third -Quiet
            @(Get-AcmSession).Count
            """);

        Assert.Empty(result.Errors);
        Assert.Equal(["DEFAULT_GROUP/app Added", "1", "True", "1", "True", "0"], result.Texts);
    }

    [Fact]
    public void A_folder_is_imported_by_a_profile()
    {
        using var files = new TemporaryFiles();
        files.Write("config/app", "2");
        _shell.Location = files.Path;

        ModuleResult result = _shell.Run("Import-AcmConfig config -Profile prod | ForEach-Object Added; Compare-AcmConfig config -Profile prod -Quiet; Compare-AcmConfig config -Profile dev -Quiet");

        Assert.Empty(result.Errors);
        Assert.Equal(["1", "True", "False"], result.Texts);
    }

    [Theory]
    [InlineData("Copy-AcmConfig -Profile dev -ToProfile dev", "AcmInvalidParameter")]
    [InlineData("$s = Connect-Acm -Profile dev; Copy-AcmConfig -Profile dev -Session $s -ToProfile prod", "AcmInvalidParameter")]
    [InlineData("$s = Connect-Acm -Profile dev; Compare-AcmConfig -ToProfile prod -ToSession $s", "AcmInvalidParameter")]
    [InlineData("Compare-AcmConfig -Profile dev -ToProfile nobody", "AcmProfileNotFound")]
    public void What_makes_no_sense_is_refused(string script, string id) => Assert.Equal(id, _shell.Run(script).ErrorId);
}
