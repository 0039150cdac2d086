using System.Globalization;

namespace Acm.Server.Options;

/// <summary>The values of options, parsed by type.</summary>
internal sealed class OptionValues(IReadOnlyDictionary<string, string> values)
{
    public string? Text(string name)
    {
        if (!values.TryGetValue(name, out string? value)) return null;

        return value.Length > 0 ? value : throw new OptionsException($"--{name} is empty.");
    }

    public string[] List(string name, string separators) =>
        Text(name)?.Split(separators.ToCharArray(), StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    public bool Switch(string name) => values.GetValueOrDefault(name, "false").ToUpperInvariant() switch
    {
        "TRUE" or "1" => true,
        "FALSE" or "0" or "" => false,
        _ => throw new OptionsException($"--{name} must be true or false, not '{values[name]}'."),
    };

    public int Number(string name, int absent, int least = 0, int most = int.MaxValue)
    {
        if (Text(name) is not { } text) return absent;

        bool isGood = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most;
        return isGood ? number : throw new OptionsException($"--{name} must be a whole number from {least} to {most}, not '{text}'.");
    }
}
