using Acm.Client;

namespace AcmPowerShell;

/// <summary>Collects the keys of a command across records: those named, and those that currently match wildcards.</summary>
internal sealed class KeyGathering(AcmClient client, AcmCallOptions call, PipelineWriter pipeline)
{
    private readonly HashSet<ConfigKey> _seen = [];
    private readonly List<ConfigKey> _keys = [];
    private readonly List<string> _unmatched = [];
    private readonly List<KeyPattern> _patterns = [];

    /// <summary>Gets the distinct keys in the order of the input.</summary>
    internal IReadOnlyList<ConfigKey> Keys => _keys;

    /// <summary>Gets the wildcards that matched nothing.</summary>
    internal IReadOnlyList<string> Unmatched => _unmatched;

    /// <summary>Gets whether a name or pattern was not valid.</summary>
    internal bool HasFailed { get; private set; }

    /// <summary>Gets the patterns of all wildcards.</summary>
    internal IReadOnlyList<KeyPattern> Patterns => _patterns;

    /// <summary>Adds the keys for data IDs and groups. An invalid one is a non-terminating error.</summary>
    /// <param name="dataIds">The data IDs. Wildcards are supported.</param>
    /// <param name="groups">The groups. Wildcards are supported.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <param name="groupOfPattern">The group for a wildcard if no group is specified.</param>
    internal async Task AddAsync(string[] dataIds, string[] groups, CancellationToken cancellationToken, string groupOfPattern = ConfigKey.DefaultGroup)
    {
        foreach (string dataId in dataIds)
        {
            try
            {
                KeyRequest request = KeyRequest.Of(dataId, groups, groupOfPattern);
                foreach (ConfigKey key in request.Keys) AddNamed(key);
                if (request.Pattern is { } pattern) await AddMatchingAsync(dataId, pattern, cancellationToken).ConfigureAwait(false);
            }
            catch (AcmException e) when (!AcmErrors.EndsCommand(e.Kind))
            {
                HasFailed = true;
                await pipeline.WriteErrorAsync(AcmErrors.Record(e, dataId)).ConfigureAwait(false);
            }
        }
    }

    private void AddNamed(ConfigKey key)
    {
        client.CheckKey(key);
        Add(key);
    }

    private async Task AddMatchingAsync(string text, KeyPattern pattern, CancellationToken cancellationToken)
    {
        bool any = false;
        _patterns.Add(pattern);
        await foreach (ConfigItem item in client.ListAsync(pattern.ToFilter(), call, cancellationToken).ConfigureAwait(false))
        {
            any = true;
            Add(item.Key);
        }

        if (!any) _unmatched.Add(text);
    }

    private void Add(ConfigKey key)
    {
        if (_seen.Add(key)) _keys.Add(key);
    }
}
