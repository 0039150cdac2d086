using System.Text.RegularExpressions;
using Acm.Client;
using Acm.Client.Profiles;

namespace AcmPowerShell;

/// <summary>
/// A configuration file of Spring (<c>application.yml</c>, <c>bootstrap.properties</c>), of which the settings of Nacos are read: <c>spring.cloud.nacos.config.*</c>, and where these say nothing
/// <c>spring.cloud.nacos.*</c>. A document for a profile of Spring has what it does not say from those for all.
/// </summary>
internal static class SpringFile
{
    private const string Nacos = "spring.cloud.nacos.";

    // Of both spellings of Spring Boot, before and after 2.4.
    private static readonly string[] ProfileOf = ["spring.config.activate.on-profile", "spring.config.activate.onprofile", "spring.profiles"];

    // How a file of properties separates documents.
    private static readonly Regex DocumentEnd = new(@"^[#!]---\s*$", RegexOptions.Multiline);

    /// <summary>Whether a file is one of these, by the ending of its name.</summary>
    internal static bool Is(string path) => IsYaml(path) || path.EndsWith(".properties", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the connections that a file describes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="variable">A variable of the environment by its name, for placeholders; null or empty where it is not set.</param>
    /// <returns>The connections; none where the file does not name a Nacos.</returns>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidProfile"/>: it can't be understood; <see cref="AcmErrorKind.StorageFailed"/>: it can't be read.</exception>
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
            throw new AcmException(AcmErrorKind.StorageFailed, $"The file '{path}' can't be read: {e.Message}", e);
        }
    }

    private static bool IsYaml(string path) => path.EndsWith(".yml", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<IReadOnlyList<KeyValuePair<string, string>>> Properties(string text) => DocumentEnd.Split(text)
        .Select(part => (IReadOnlyList<KeyValuePair<string, string>>)[.. PropertiesText.Read(part).Select(value => new KeyValuePair<string, string>(string.Join(".", value.Path), value.Value))]);

    /// <summary>Settings by their names as Spring compares them: <c>serverAddr</c>, <c>server_addr</c> and <c>server-addr</c> are one.</summary>
    private static Dictionary<string, string> ByPlainName(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (KeyValuePair<string, string> setting in settings) named[setting.Key.Replace("-", "").Replace("_", "").ToLowerInvariant()] = setting.Value.Trim();
        return named;
    }

    private static string? ProfileName(Dictionary<string, string> document) => ProfileOf.Select(name => Joined(document, name.Replace("-", ""))).FirstOrDefault(value => value.Length > 0);

    /// <summary>A setting that is one text or a list, as <c>on-profile: [dev, test]</c> is; empty where it is not there.</summary>
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
