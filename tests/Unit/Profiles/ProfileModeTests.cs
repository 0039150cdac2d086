using System.Runtime.Versioning;
using Acm.Client;
using Acm.Client.Profiles;
using Acm.Tests.Support;

namespace Acm.Tests.Profiles;

/// <summary>The mode of the profile file on systems with file modes.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ProfileModeTests : IDisposable
{
    private readonly TemporaryFiles _files = new();

    public ProfileModeTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");

    private string FilePath => Path.Combine(_files.Path, "config", "Acm", "profiles.json");

    private ProfileStore Store => new(FilePath);

    public void Dispose() => _files.Dispose();

    [Fact]
    public void S1_file_and_folders_are_for_their_owner_only()
    {
        Store.Update(file => file.Add("a"));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(FilePath)!));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead, "0640")]
    [InlineData(UnixFileMode.OtherRead, "0604")]
    [InlineData(UnixFileMode.OtherWrite, "0602")]
    public void S1_a_file_with_secrets_that_others_can_get_at_is_refused_with_the_cure(UnixFileMode others, string mode)
    {
        Store.Update(file => file.Add("a").SetSecret("secretKey", "s3cr3t"));
        File.SetUnixFileMode(FilePath, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);

        var read = Assert.Throws<AcmException>(() => Store.Read());
        var update = Assert.Throws<AcmException>(() => Store.Update(file => file.Add("b")));

        Assert.Equal(AcmErrorKind.InvalidProfile, read.Kind);
        Assert.Contains(mode, read.Message, StringComparison.Ordinal);
        Assert.Contains($"chmod 600 '{FilePath}'", read.Message, StringComparison.Ordinal);
        Assert.Equal(read.Message, update.Message);
    }

    [Fact]
    public void A_file_without_secrets_may_be_seen_by_all()
    {
        Store.Update(file => file.Add("a"));
        File.SetUnixFileMode(FilePath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        Assert.Equal("a", Assert.Single(Store.Read().Profiles).Name);
    }
}
