namespace Acm.Client.Reading;

/// <summary>What a client was last told of a configuration by a server.</summary>
/// <param name="Md5">MD5 of the value; null where there was none.</param>
/// <param name="Server">Who told the value; null where there was none.</param>
/// <param name="LastModified">When the value was stored, or the last one before it was removed; null where that was not told.</param>
/// <param name="Earlier">MD5s of the values before.</param>
internal sealed record HeldAnswer(string? Md5, string? Server, DateTimeOffset? LastModified, IReadOnlyList<string> Earlier)
{
    /// <summary>Whether what another server tells now is older. Times of a header have whole seconds, so that the same second tells nothing.</summary>
    public bool IsNewerThan(AcmConfig config)
    {
        if (config.Server == Server || config.Md5 == Md5) return false;

        return config.LastModified is { } theirs && LastModified is { } ours && theirs != ours ? theirs < ours : Earlier.Contains(config.Md5);
    }
}
