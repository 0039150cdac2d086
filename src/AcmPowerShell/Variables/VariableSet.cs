using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Makes variables of configurations, and knows what of them must not be seen. All of them are looked at before any is written.</summary>
internal sealed class VariableSet(string prefix, string separator, bool keepCase, IEnumerable<string> secretPatterns)
{
    private static readonly Regex Words = new(@"[\w.-]+", RegexOptions.CultureInvariant);
    private static readonly Regex Escapes = new(@"\\u([0-9a-fA-F]{4})", RegexOptions.CultureInvariant);

    private readonly WildcardPattern[] _secretPatterns = [.. secretPatterns.Select(text => WildcardPattern.Get(text, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant))];
    private readonly Dictionary<string, AcmVariable> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<AcmVariable> _variables = [];

    /// <summary>In the order in which they came.</summary>
    internal IReadOnlyList<AcmVariable> Variables => _variables;

    /// <summary>What must not be seen.</summary>
    internal SecretMasks Masks { get; } = new();

    /// <summary>Adds what one configuration holds. Its secrets are known even where its variables are refused.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="format">How to take it apart.</param>
    /// <param name="name">Name of the variable of a whole text; null for one made of the data id.</param>
    /// <exception cref="FormatException">The content is not of the format, or a variable can't be; the message holds no content.</exception>
    internal void Add(AcmConfig config, AcmContentFormat format, string? name)
    {
        AcmContentFormat actual = format != AcmContentFormat.Auto ? format : name is not null ? AcmContentFormat.Text : ContentValues.FormatOf(config.DataId);
        bool isSecret = !string.Equals(config.Content, config.RawContent, StringComparison.Ordinal)
            || config.DataId.StartsWith("cipher-", StringComparison.Ordinal)
            || IsSecretName(config.DataId);
        if (isSecret)
        {
            Masks.Add(config.Content);
            Masks.Add(config.RawContent);
        }

        if (actual == AcmContentFormat.Text) isSecret = MaskWithin(config, isSecret);

        List<ContentValue> values = ContentValues.Read(config.Content, actual);
        var variables = new List<AcmVariable>(values.Count);
        foreach (ContentValue value in values)
        {
            string variable = value.Path.Count > 0 ? VariableNames.Of(prefix, value.Path, separator, keepCase)
                : name is not null ? VariableNames.Of(prefix, [name], separator, keepCase: true)
                : VariableNames.Of(prefix, [config.DataId], separator, keepCase);
            string path = string.Join(".", value.Path);
            bool isSecretValue = isSecret || IsSecretName(variable) || IsSecretPath(value);
            if (isSecretValue) Masks.Add(value.Value);

            variables.Add(new AcmVariable(variable, value.Value, isSecretValue, config.DataId, config.Group, path));
        }

        foreach (AcmVariable variable in variables) Check(variable);
        foreach (AcmVariable variable in variables)
        {
            _byName.Add(variable.Name, variable);
            _variables.Add(variable);
        }

        // Two places of one configuration are checked against each other as well.
        void Check(AcmVariable variable)
        {
            string place = variable.Path.Length == 0 ? "The content" : $"'{variable.Path}'";
            if (VariableNames.Refuse(variable.Name) is { } why) throw new FormatException($"{place} would become the variable '{variable.Name}', which is refused: {why}. -Prefix gives other names.");
            if (variable.Value.IndexOf('\0') >= 0) throw new FormatException($"{place} holds a NUL character, which no variable can.");

            AcmVariable? other = _byName.TryGetValue(variable.Name, out AcmVariable? earlier) ? earlier : variables.Find(v => v != variable && string.Equals(v.Name, variable.Name, StringComparison.OrdinalIgnoreCase));
            if (other is not null)
            {
                string otherPlace = other.Path.Length == 0 ? $"'{other.Group}/{other.DataId}'" : $"'{other.Path}' of '{other.Group}/{other.DataId}'";
                throw new FormatException($"{place} would become the variable '{variable.Name}', and so would {otherPlace}. -Prefix, -Separator or -KeepCase can tell them apart.");
            }
        }
    }

    // A text that stays whole is as secret as what is in it. Whether it is: any word that a pattern matches is enough, as what the text means is not known; rather too much is hidden.
    private bool MaskWithin(AcmConfig config, bool isSecret)
    {
        AcmContentFormat format = ContentValues.FormatOf(config.DataId);
        List<ContentValue> within = ContentValues.TryRead(config.Content, format == AcmContentFormat.Text ? AcmContentFormat.Properties : format);
        foreach (ContentValue value in within.Where(value => isSecret || IsSecretPath(value)))
        {
            Masks.Add(value.Value);
            Masks.Add(value.Value.Trim().Trim('"', '\''));
        }

        if (isSecret) return true;
        if (!within.Exists(IsSecretPath) && !HasSecretWord(config.Content)) return false;

        Masks.Add(config.Content);
        return true;
    }

    private bool HasSecretWord(string text)
    {
        string plain = Escapes.Replace(text, match => ((char)int.Parse(match.Groups[1].Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)).ToString());
        return Words.Matches(plain).Cast<Match>().Any(word => IsSecretName(word.Value));
    }

    private bool IsSecretPath(ContentValue value) => value.Path.Count > 0 && (IsSecretName(string.Join(".", value.Path)) || value.Path.Any(IsSecretName));

    private bool IsSecretName(string name) => Array.Exists(_secretPatterns, pattern => pattern.IsMatch(name));
}
