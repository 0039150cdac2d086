using System.Text.RegularExpressions;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>The settings of a Spring document, by normalized name. Placeholders (<c>${NAME:default}</c>) refer to other settings and environment variables.</summary>
/// <param name="settings">The settings.</param>
/// <param name="variable">Returns the value of an environment variable; null or empty if it is not set.</param>
internal sealed class SpringSettings(Dictionary<string, string> settings, Func<string, string?> variable)
{
    private const int MaxLevels = 8;

    // Matches innermost placeholders only. Those around them are resolved in the next iteration.
    private static readonly Regex Placeholder = new(@"\$\{([^${}:]+)(?::([^${}]*))?\}");

    /// <summary>Returns the connection, or null if the settings specify neither servers nor an address server.</summary>
    /// <param name="profile">The Spring profile of the settings, or null for all.</param>
    /// <exception cref="FormatException">A placeholder has no value.</exception>
    internal SpringEntry? ToEntry(string? profile)
    {
        string? servers = Of("serveraddr");
        string? endpoint = Of("endpoint");
        if ((servers ?? endpoint) is not { } address) return null;

        string? path = Of("contextpath")?.Trim('/');
        return new SpringEntry
        {
            Address = string.IsNullOrEmpty(path) ? address : string.Join(",", address.Split(',').Select(server => server.Trim() is var one && one.LastIndexOf('/') > one.IndexOf("://", StringComparison.Ordinal) + 2 ? one : one + "/" + path)),
            IsEndpoint = servers is null,
            Namespace = NamespaceName.Normalize(Of("namespace")),
            Alias = string.Join("-", new[] { Text("spring.application.name"), profile }.Where(part => !string.IsNullOrEmpty(part))) is { Length: > 0 } alias ? alias : null,
            UserName = Of("username"),
            Password = Of("password"),
            AccessKey = Of("accesskey"),
            SecretKey = Of("secretkey"),
            RamRoleName = Of("ramrolename"),
            Imports = [.. Imports()],
        };
    }

    private string? Of(string name) => Text("spring.cloud.nacos.config." + name) ?? Text("spring.cloud.nacos." + name);

    private string? Text(string name) => settings.TryGetValue(name, out string? text) && Resolve(name, text) is { Length: > 0 } value ? value : null;

    /// <summary>Returns the data IDs of <c>spring.config.import: nacos:app.yaml?group=G</c>, which can be a list.</summary>
    private IEnumerable<string> Imports() =>
        settings.Where(setting => setting.Key == "spring.config.import" || setting.Key.StartsWith("spring.config.import[", StringComparison.Ordinal))
            .OrderBy(setting => setting.Key, StringComparer.Ordinal)
            .SelectMany(setting => Resolve(setting.Key, setting.Value).Split(','))
            .Select(part => part.Trim())
            .Select(part => part.StartsWith("optional:", StringComparison.Ordinal) ? part.Substring("optional:".Length) : part)
            .Where(part => part.StartsWith("nacos:", StringComparison.Ordinal))
            .Select(part => part.Substring("nacos:".Length).Split('?')[0].TrimStart('/'));

    private string Resolve(string name, string text)
    {
        for (int level = 0; Placeholder.IsMatch(text); level++)
        {
            if (level == MaxLevels) throw new FormatException($"the placeholders of '{name}' refer to each other in a circle");

            text = Placeholder.Replace(text, match => Value(match.Groups[1].Value.Trim(), name, match.Groups[2]));
        }

        return text;
    }

    private string Value(string placeholder, string name, Group fallback)
    {
        if (settings.TryGetValue(placeholder.Replace("-", "").Replace("_", "").ToLowerInvariant(), out string? setting)) return setting;
        if (variable(placeholder) is { Length: > 0 } given) return given;

        // Spring maps the name of a setting to an environment variable in this way.
        if (variable(placeholder.Replace(".", "_").Replace("-", "").ToUpperInvariant()) is { Length: > 0 } other) return other;
        return fallback.Success ? fallback.Value : throw new FormatException($"'{name}' needs a value for ${{{placeholder}}}: set an environment variable of this name");
    }
}
