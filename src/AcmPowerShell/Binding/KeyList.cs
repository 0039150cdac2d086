using Acm.Client;

namespace AcmPowerShell;

/// <summary>The cached keys of one namespace. Thread-safe.</summary>
internal sealed class KeyList(string @namespace)
{
    private readonly object _gate = new();
    private IReadOnlyCollection<ConfigItem> _known = [];
    private KeyReading? _reading;

    internal string Namespace => @namespace;

    /// <summary>Returns the current reading, or the last one if it is fresh, or starts a new one.</summary>
    internal KeyReading Read(AcmClient client, TimeProvider clock, TimeSpan age)
    {
        lock (_gate)
        {
            if (_reading is { } reading)
            {
                if (!reading.IsOlderThan(age)) return reading;

                _known = KeysOf(reading);
            }

            return _reading = new KeyReading(client, clock);
        }
    }

    /// <summary>Returns the keys of a reading. If it is incomplete, the previously known keys are added.</summary>
    internal IReadOnlyCollection<ConfigItem> Keys(KeyReading reading)
    {
        lock (_gate) return KeysOf(reading);
    }

    private IReadOnlyCollection<ConfigItem> KeysOf(KeyReading reading)
    {
        if (reading.IsWhole || _known.Count == 0) return reading.Items;

        var keys = new Dictionary<ConfigKey, ConfigItem>();
        foreach (ConfigItem item in reading.Items.Concat(_known).Take(KeyCache.MostKeys)) keys[item.Key] = item;
        return keys.Values;
    }
}
