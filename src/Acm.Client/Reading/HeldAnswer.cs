namespace Acm.Client.Reading;

/// <summary>The last known state of a configuration, as a server returned it.</summary>
/// <param name="Md5">MD5 of the value; null if the configuration did not exist.</param>
/// <param name="Server">The server that returned the value; null if the configuration did not exist.</param>
/// <param name="LastModified">When the value, or the last one before the removal, was stored; null if unknown.</param>
/// <param name="Earlier">MD5s of previous values.</param>
internal sealed record HeldAnswer(string? Md5, string? Server, DateTimeOffset? LastModified, IReadOnlyList<string> Earlier)
{
    /// <summary>Returns whether a value from another server is older. The Last-Modified header has a resolution of one second, so equal times decide nothing.</summary>
    public bool IsNewerThan(AcmConfig config)
    {
        if (config.Server == Server || config.Md5 == Md5) return false;

        return config.LastModified is { } theirs && LastModified is { } ours && theirs != ours ? theirs < ours : Earlier.Contains(config.Md5);
    }
}
