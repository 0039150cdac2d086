using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Gathers, record by record, the keys that a command works on as a whole: those named, and those that wildcards match now.</summary>
internal sealed class KeyGathering(AcmClient client, AcmCallOptions call, PipelineWriter pipeline)
{
    private readonly HashSet<ConfigKey> _seen = [];
    private readonly List<ConfigKey> _keys = [];
    private readonly List<string> _unmatched = [];
    private readonly List<KeyPattern> _patterns = [];

    /// <summary>What was gathered, each key once, in the order of the input.</summary>
    internal IReadOnlyList<ConfigKey> Keys => _keys;

    /// <summary>The wildcards that matched nothing.</summary>
    internal IReadOnlyList<string> Unmatched => _unmatched;

    /// <summary>Whether something that was asked for is not a valid name or pattern.</summary>
    internal bool HasFailed { get; private set; }

    /// <summary>All wildcards.</summary>
    internal IReadOnlyList<KeyPattern> Patterns => _patterns;

    /// <summary>Adds what data ids and groups ask for. One that is none is an error of its own.</summary>
    /// <param name="dataIds">Data ids, wildcards allowed.</param>
    /// <param name="groups">Groups, wildcards allowed.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <param name="groupOfPattern">The group of a wildcard where no group was given.</param>
    internal async Task AddAsync(string[] dataIds, string[] groups, CancellationToken cancellationToken, string groupOfPattern = ConfigKey.DefaultGroup)
    {
        foreach (string dataId in dataIds)
        {
            ErrorRecord error;
            try
            {
                KeyRequest request = KeyRequest.Of(dataId, groups, groupOfPattern);
                foreach (ConfigKey key in request.Keys) AddNamed(key);
                if (request.Pattern is { } pattern) await AddMatchingAsync(dataId, pattern, cancellationToken).ConfigureAwait(false);
                continue;
            }
            catch (AcmException e) when (!AcmErrors.EndsCommand(e.Kind))
            {
                error = AcmErrors.Record(e, dataId);
            }

            HasFailed = true;
            await pipeline.WriteErrorAsync(error).ConfigureAwait(false);
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
