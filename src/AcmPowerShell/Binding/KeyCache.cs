using System.Collections.Concurrent;
using System.Diagnostics;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Keys for tab completion: read in the background, kept for some seconds.</summary>
internal sealed class KeyCache
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(5);

    /// <summary>How long a reading may go on after the user's patience: its result serves the next press of Tab.</summary>
    private static readonly TimeSpan LongestReading = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Reading> _readings = new(StringComparer.Ordinal);

    /// <summary>The keys of a namespace as far as they came within the patience; empty where none did.</summary>
    internal IReadOnlyCollection<ConfigItem> Get(AcmClient client, TimeSpan patience)
    {
        Reading reading = _readings.AddOrUpdate(
            client.Namespace,
            _ => new Reading(client),
            (_, old) => old.Since.Elapsed < Age ? old : new Reading(client));
        reading.Work.Wait(patience);
        return reading.Items;
    }

    private sealed class Reading
    {
        internal Reading(AcmClient client) => Work = Task.Run(() => ReadAsync(client));

        internal ConcurrentQueue<ConfigItem> Items { get; } = new();

        internal Stopwatch Since { get; } = Stopwatch.StartNew();

        internal Task Work { get; }

        private async Task ReadAsync(AcmClient client)
        {
            using var limit = new CancellationTokenSource(LongestReading);
            try
            {
                await foreach (ConfigItem item in client.ListAsync(null, limit.Token).ConfigureAwait(false)) Items.Enqueue(item);
            }
            catch (Exception e) when (e is AcmException or OperationCanceledException or ObjectDisposedException)
            {
                // A press of Tab is no place for an error; what came is offered.
                Debug.WriteLine(e);
            }
        }
    }
}
