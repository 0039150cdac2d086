using Acm.Client;
using Acm.Tests.Local;
using Acm.Tests.Support;

namespace Acm.Tests.Reading;

[Collection(ProcessWideCollection.Name)]
public sealed class CurrentDirectoryTests : IDisposable
{
    private readonly string _before = Environment.CurrentDirectory;
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("acm-data/data/app.yml+DEFAULT_GROUP+ns-0001")]
    [InlineData("acm/data/app.yml+DEFAULT_GROUP+ns-0001")]
    [InlineData("acm-data/snapshot/app.yml+DEFAULT_GROUP+ns-0001")]
    [InlineData("ns-0001/_default/app.yml")]
    public async Task R28_nothing_that_lies_in_the_current_directory_is_ever_read(string path)
    {
        _folder.Write(path, "planted");
        Environment.CurrentDirectory = _folder.Path;
        await using var server = ScriptedServer.Always(ScriptedReply.Status(500));
        using AcmClient client = Clients.With(Clients.Options(server) with { NoSnapshot = false }, new PauselessClock());

        AcmException error = await Clients.FailsAsync(client.GetAsync(new ConfigKey("app.yml")));

        Assert.Equal(AcmErrorKind.ServerUnavailable, error.Kind);
    }

    public void Dispose()
    {
        Environment.CurrentDirectory = _before;
        _folder.Dispose();
    }
}
