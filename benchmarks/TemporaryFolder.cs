namespace Acm.Benchmarks;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("acm-benchmark-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
