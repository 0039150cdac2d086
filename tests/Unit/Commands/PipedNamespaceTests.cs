using Acm.Tests.Support;

namespace Acm.Tests.Commands;

/// <summary>Objects bring their namespace along, and it is never followed: where it is another one than the command works in, that is an error until somebody says which is meant.</summary>
public sealed class PipedNamespaceTests : IClassFixture<ModuleServer>, IDisposable
{
    private readonly TemporaryFiles _files = new();
    private readonly ModuleShell _shell;

    public PipedNamespaceTests(ModuleServer server)
    {
        _shell = server.Connect();
        _shell.Location = _files.Path;
        _shell["other"] = server.NewNamespace();
        _shell.Run("Set-AcmConfig a 'here'; Set-AcmConfig a 'there' -Namespace $other; Set-AcmConfig b 'there' -Namespace $other").ThrowOnError();
    }

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("Find-AcmConfig -Namespace $other | Get-AcmConfig")]
    [InlineData("Find-AcmConfig -Namespace $other | Get-AcmConfig -Session (Get-AcmSession)")]
    [InlineData("Find-AcmConfig -Namespace $other | Remove-AcmConfig")]
    [InlineData("Find-AcmConfig -Namespace $other | Remove-AcmConfig -Session (Get-AcmSession)")]
    [InlineData("Get-AcmConfig * -Namespace $other | Set-AcmConfig -PassThru")]
    [InlineData("Find-AcmConfig -Namespace $other | Export-AcmConfig out")]
    [InlineData("Find-AcmConfig -Namespace $other | Export-AcmConfig out.zip -Session (Get-AcmSession)")]
    [InlineData("Find-AcmConfig -Namespace $other | Export-AcmEnvironment -PassThru")]
    [InlineData("Find-AcmConfig -Namespace $other | Watch-AcmConfig -TimeoutSec 60")]
    [InlineData("Find-AcmConfig -Namespace $other | Register-AcmWatcher")]
    [InlineData("[pscustomobject]@{ DataId = 'a'; Group = 'DEFAULT_GROUP'; Namespace = $other } | Get-AcmConfig")]
    public void Of_another_namespace_is_an_error_that_names_both_and_nothing_is_done(string script)
    {
        ModuleResult result = _shell.Run(script);

        Assert.Equal("AcmInvalidParameter", result.ErrorId);
        Assert.Contains($"What was piped is of namespace {_shell["other"]}, and ", result.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains($" works in namespace {_shell["ns"]}. Add -Namespace {_shell["other"]} to work there, or -Namespace {_shell["ns"]} if", result.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(result.Output);
        Assert.Equal(["a=here"], There("$ns"));
        Assert.Equal(["a=there", "b=there"], There("$other"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_files.Path));
    }

    [Fact]
    public void With_the_namespace_given_it_is_the_one_that_counts()
    {
        ModuleResult read = _shell.Run("Find-AcmConfig a -Namespace $other | Get-AcmConfig -Raw -Namespace $other; Find-AcmConfig a -Namespace $other | Get-AcmConfig -Raw -Namespace $ns");
        _shell.Run("Get-AcmConfig b -Namespace $other | Set-AcmConfig -Namespace $ns; Find-AcmConfig a -Namespace $other | Remove-AcmConfig -Namespace $other; Find-AcmConfig -Namespace $other | Export-AcmConfig out -Namespace $ns").ThrowOnError();

        Assert.Empty(read.Errors);
        Assert.Equal(["there", "here"], read.Texts);
        Assert.Equal(["a=here", "b=there"], There("$ns"));
        Assert.Equal(["b=there"], There("$other"));
        Assert.Equal("there", File.ReadAllText(Path.Combine(_files.Path, "out/b")));
    }

    [Fact]
    public void Objects_of_one_connection_are_moved_to_another_one()
    {
        ModuleResult result = _shell.Run("$to = Get-AcmSession; Get-AcmConfig b -Namespace $other | Set-AcmConfig -Session $to");

        Assert.Empty(result.Errors);
        Assert.Equal(["a=here", "b=there"], There("$ns"));
    }

    [Theory]
    [InlineData("Connect-Acm $endpoint -NoSnapshot", "''")]
    [InlineData("Connect-Acm $endpoint public -NoSnapshot", "'[default]'")]
    [InlineData("Connect-Acm $endpoint -NoSnapshot", "'public'")]
    public void The_names_of_the_blank_namespace_are_one(string connect, string origin)
    {
        ModuleResult result = _shell.Run($"$null = {connect}; Set-AcmConfig blank 'x'; [pscustomobject]@{{ DataId = 'blank'; Namespace = {origin} }} | Get-AcmConfig -Raw");
        ModuleResult other = _shell.Run("Find-AcmConfig -Namespace $other | Get-AcmConfig");

        Assert.Empty(result.Errors);
        Assert.Equal(["x"], result.Texts);
        Assert.Contains("works in the blank namespace.", other.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("or -Namespace [default] if", other.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Objects_without_a_namespace_and_names_are_of_none_whatever_came_before_them()
    {
        ModuleResult result = _shell.Run("@(Find-AcmConfig a) + [pscustomobject]@{ DataId = 'a' } + 'a' | Get-AcmConfig -Raw");

        Assert.Empty(result.Errors);
        Assert.Equal(["here", "here", "here"], result.Texts);
    }

    private string[] There(string variable) => [.. _shell.Run($"Get-AcmConfig * -Namespace {variable} | ForEach-Object {{ \"$($_.DataId)=$($_.Content)\" }}").ThrowOnError().Texts.Order(StringComparer.Ordinal)];
}
