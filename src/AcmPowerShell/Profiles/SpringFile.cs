using System.Text.RegularExpressions;
using Acm.Client;
using Acm.Client.Profiles;

namespace AcmPowerShell;

/// <summary>
/// Reads the Nacos settings of a Spring configuration file (<c>application.yml</c>, <c>bootstrap.properties</c>): <c>spring.cloud.nacos.config.*</c>, with fallback to
/// <c>spring.cloud.nacos.*</c>. A document for a Spring profile inherits the settings of the common documents.
/// </summary>
internal static class SpringFile
{
    private const string Nacos = "spring.cloud.nacos.";

    // The names before and after Spring Boot 2.4.
    private static readonly string[] ProfileOf = ["spring.config.activate.on-profile", "spring.config.activate.onprofile", "spring.profiles"];

    // The document separator of properties files.
    private static readonly Regex DocumentEnd = new(@"^[#!]---\s*$", RegexOptions.Multiline);

    /// <summary>Returns whether a file has the extension of a Spring configuration file.</summary>
    internal static bool Is(string path) => IsYaml(path) || path.EndsWith(".properties", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the connections in a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="variable">Returns the value of an environment variable for placeholders; null or empty if it is not set.</param>
    /// <returns>The connections; empty if the file does not specify a Nacos server.</returns>
    /// <exception cref="AcmException">The file is not valid (<see cref="AcmErrorKind.InvalidProfile"/>) or cannot be read (<see cref="AcmErrorKind.StorageFailed"/>).</exception>
    internal static IReadOnlyList<SpringEntry> Read(string path, Func<string, string?> variable)
    {
        try
        {
            string text = File.ReadAllText(path);
            List<Dictionary<string, string>> documents = [.. (IsYaml(path) ? YamlSettings.Read(text) : Properties(text)).Select(ByPlainName)];
            var common = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (Dictionary<string, string> document in documents.Where(document => ProfileName(document) is null)) Overlay(common, document);

            var entries = new List<SpringEntry>();
            if (new SpringSettings(common, variable).ToEntry(profile: null) is { } entry) entries.Add(entry);
            foreach (Dictionary<string, string> document in documents)
            {
                if (ProfileName(document) is not { } profile || !document.Keys.Any(name => name.StartsWith(Nacos, StringComparison.Ordinal))) continue;

                var whole = new Dictionary<string, string>(common, StringComparer.Ordinal);
                Overlay(whole, document);
                if (new SpringSettings(whole, variable).ToEntry(profile) is { } other) entries.Add(other);
            }

            return entries;
        }
        catch (FormatException e)
        {
            throw new AcmException(AcmErrorKind.InvalidProfile, $"'{path}' is not a valid Spring configuration file: {e.Message.TrimEnd('.')}.", e) { Advice = "Correct the file, or add the profile with Add-AcmProfile." };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AcmException(AcmErrorKind.StorageFailed, $"Cannot read the file '{path}': {e.Message}", e);
        }
    }

    private static bool IsYaml(string path) => path.EndsWith(".yml", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<IReadOnlyList<KeyValuePair<string, string>>> Properties(string text) => DocumentEnd.Split(text)
        .Select(part => (IReadOnlyList<KeyValuePair<string, string>>)[.. PropertiesText.Read(part).Select(value => new KeyValuePair<string, string>(string.Join(".", value.Path), value.Value))]);

    /// <summary>Returns settings by normalized name. Like Spring, it treats <c>serverAddr</c>, <c>server_addr</c> and <c>server-addr</c> as equal.</summary>
    private static Dictionary<string, string> ByPlainName(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (KeyValuePair<string, string> setting in settings) named[setting.Key.Replace("-", "").Replace("_", "").ToLowerInvariant()] = setting.Value.Trim();
        return named;
    }

    private static string? ProfileName(Dictionary<string, string> document) => ProfileOf.Select(name => Joined(document, name.Replace("-", ""))).FirstOrDefault(value => value.Length > 0);

    /// <summary>Returns a setting that is a text or a list, such as <c>on-profile: [dev, test]</c>. Empty if it is missing.</summary>
    private static string Joined(Dictionary<string, string> document, string name) => string.Join("-", document
        .Where(setting => (setting.Key == name || setting.Key.StartsWith(name + "[", StringComparison.Ordinal)) && setting.Value.Length > 0)
        .OrderBy(setting => setting.Key.Length)
        .ThenBy(setting => setting.Key, StringComparer.Ordinal)
        .Select(setting => setting.Value));

    private static void Overlay(Dictionary<string, string> settings, Dictionary<string, string> others)
    {
        foreach (KeyValuePair<string, string> other in others) settings[other.Key] = other.Value;
    }
}
