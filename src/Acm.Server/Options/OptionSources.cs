using System.Collections;
using System.Text.Json;

namespace Acm.Server.Options;

/// <summary>Reads options from the command line, the environment and the settings file.</summary>
internal static class OptionSources
{
    private const string EnvironmentPrefix = "ACM_SERVER_";
    private const string SettingsSection = "AcmServer";

    /// <summary>A variable of the module's Connect-Acm, which is not an option of this server.</summary>
    private const string VariableOfClients = "ACM_SERVER_TYPE";

    public static Dictionary<string, string> CommandLine(IReadOnlyList<string> arguments, IReadOnlyList<OptionEntry> options)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (!argument.StartsWith("--", StringComparison.Ordinal)) throw new OptionsException($"'{argument}' is not an option.");

            int equals = argument.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? argument[2..] : argument[2..equals];
            OptionEntry option = options.FirstOrDefault(o => o.Name == name) ?? throw new OptionsException($"'--{name}' is not an option.");
            if (equals >= 0) Add(values, option, argument[(equals + 1)..]);
            else if (option.IsSwitch) Add(values, option, "true");
            else if (i + 1 < arguments.Count) Add(values, option, arguments[++i]);
            else throw new OptionsException($"--{name} requires a value: {option.Takes}.");
        }

        return values;
    }

    public static Dictionary<string, string> Environment(IDictionary variables, ICollection<string> warnings)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in variables)
        {
            var name = (string)variable.Key;
            if (!name.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase) || name.Equals(VariableOfClients, StringComparison.OrdinalIgnoreCase)) continue;

            if (OptionTable.Find(name[EnvironmentPrefix.Length..]) is { } option) values[option.Name] = (string?)variable.Value ?? "";
            else warnings.Add($"The environment variable {name} is not an option of this server.");
        }

        return values;
    }

    public static Dictionary<string, string> Settings(string path)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            var tolerant = new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), tolerant);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty(SettingsSection, out JsonElement section)) return values;

            foreach (JsonProperty member in section.EnumerateObject())
            {
                OptionEntry option = OptionTable.Find(member.Name) ?? throw new OptionsException($"'{path}': '{member.Name}' is not an option.");
                values[option.Name] = member.Value.ValueKind == JsonValueKind.Array
                    ? string.Join(',', member.Value.EnumerateArray().Select(item => item.ToString()))
                    : member.Value.ToString();
            }
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw new OptionsException($"The settings in '{path}' cannot be read: {e.Message}", e);
        }

        return values;
    }

    private static void Add(Dictionary<string, string> values, OptionEntry option, string value)
    {
        // Only lists may be specified more than once.
        bool isList = option.Takes?.Contains('[', StringComparison.Ordinal) == true;
        if (!values.TryAdd(option.Name, value)) values[option.Name] = isList ? $"{values[option.Name]},{value}" : throw new OptionsException($"--{option.Name} is specified twice.");
    }
}
