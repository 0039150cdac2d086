using System.Text;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Converts configurations to variables, and collects the texts to mask. All variables are validated before any is written.</summary>
internal sealed class VariableSet
{
    private readonly VariableNaming _naming;
    private readonly SecretNames _secrets;
    private readonly SecretScan _scan;
    private readonly IVariableTarget _target;
    private readonly Dictionary<string, AcmVariable> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<AcmVariable> _variables = [];

    internal VariableSet(VariableNaming naming, IEnumerable<string> secretPatterns, IVariableTarget target)
    {
        _naming = naming;
        _target = target;
        _secrets = new SecretNames(secretPatterns);
        _scan = new SecretScan(_secrets);
    }

    /// <summary>Gets the variables in the order of the input.</summary>
    internal IReadOnlyList<AcmVariable> Variables => _variables;

    /// <summary>Gets warnings about values that were not converted as they are.</summary>
    internal List<string> Notes { get; } = [];

    /// <summary>Gets the texts to mask.</summary>
    internal SecretMasks Masks { get; } = new();

    /// <summary>Adds the variables of a configuration. Its secrets are added even if a variable is rejected.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="format">The format of the content.</param>
    /// <param name="name">The name of the variable for the whole content, or null for that of the data ID.</param>
    /// <exception cref="FormatException">The content or a variable is not valid. The message contains no content.</exception>
    internal void Add(AcmConfig config, AcmContentFormat format, string? name)
    {
        AcmContentFormat actual = format != AcmContentFormat.Auto ? format : name is not null ? AcmContentFormat.Text : ContentValues.FormatOf(config.DataId);
        bool isEncrypted = config.IsDecrypted || config.DataId.StartsWith("cipher-", StringComparison.Ordinal);
        bool isSecret = isEncrypted || _secrets.Matches(config.DataId);
        if (isSecret)
        {
            Masks.AddContent(config.Content);
            Masks.AddContent(config.GetRawContent());
        }

        if (actual == AcmContentFormat.Text) isSecret = MaskWithin(config, isSecret);

        List<ContentValue> values = ContentValues.Read(config.Content, actual);
        if (ContentValues.EmptyPaths(config.Content, actual) is { Count: > 0 } empty)
        {
            string places = string.Join(", ", empty.Select(path => path.Length == 0 ? "the whole content" : $"'{path}'"));
            Notes.Add($"In '{config.Key}', {places} {(empty.Count == 1 ? "is an empty list or object" : "are empty lists or objects")} and has no variable.");
        }

        if (values.FindAll(value => value.HadComment) is { Count: > 0 } commented)
        {
            string places = string.Join(", ", commented.Select(value => $"{value} in line {value.Line}"));
            Notes.Add($"In '{config.Key}', text after ' #' was removed as a comment: {places}. Put a value in quotes to keep it.");
        }

        var variables = new List<AcmVariable>(values.Count);
        foreach (ContentValue value in values)
        {
            string variable = value.Path.Count > 0 ? _naming.Of(value.Path)
                : name is not null ? VariableNames.Of(_naming.Prefix, [name], _naming.Separator, keepCase: true)
                : _naming.Of([config.DataId]);
            bool isNamedSecret = isSecret || _secrets.Matches(variable) || _secrets.Matches(value.Path);
            IReadOnlyList<string> within = _scan.FindWithin(value.Value);
            bool isSecretValue = isEncrypted || ((isNamedSecret || within.Count > 0) && SecretMasks.CanMask(value.Value));
            if (isSecretValue) MaskValue(value, actual);
            foreach (string secret in within) Masks.AddValue(secret);

            string text = isSecretValue && _naming.EncodeMultilineSecrets && value.Value.IndexOfAny(['\r', '\n']) >= 0 ? Convert.ToBase64String(Encoding.UTF8.GetBytes(value.Value)) : value.Value;
            if (isSecretValue) Masks.AddValue(text);
            variables.Add(new AcmVariable(variable, text, isSecretValue, config.DataId, config.Group, string.Join(".", value.Path)));
        }

        foreach (AcmVariable variable in variables) Check(variable);
        foreach (AcmVariable variable in variables)
        {
            _byName.Add(variable.Name, variable);
            _variables.Add(variable);
        }

        // Variables of the same configuration are also compared with each other.
        void Check(AcmVariable variable)
        {
            string place = variable.Path.Length == 0 ? "The content" : $"'{variable.Path}'";
            if (VariableNames.Refuse(variable.Name) is { } why) throw new FormatException($"{place} would become the variable '{variable.Name}', which is not allowed: {why}. Specify -Prefix for other names.");
            if (!_naming.Allows(variable.Name)) throw new FormatException($"{place} would become the variable '{variable.Name}', which -AllowName does not list.");
            if (_target.Refuse(variable) is { } refusal) throw new FormatException($"{place} would become the variable '{variable.Name}', {refusal}");
            if (variable.Value.IndexOf('\0') >= 0) throw new FormatException($"{place} contains a NUL character, which variables cannot contain.");

            AcmVariable? other = _byName.TryGetValue(variable.Name, out AcmVariable? earlier) ? earlier : variables.Find(v => v != variable && string.Equals(v.Name, variable.Name, StringComparison.OrdinalIgnoreCase));
            if (other is not null && other.Path == variable.Path && variables.IndexOf(other) is >= 0 and var first)
            {
                int second = variables.LastIndexOf(variable);
                int[] lines = [.. new[] { values[first].Line, values[second].Line }.Where(line => line > 0).OrderBy(line => line)];
                throw new FormatException($"{place} occurs twice{(lines.Length == 2 ? $", in lines {lines[0]} and {lines[1]}" : "")}. Remove one of the two.");
            }

            if (other is not null)
            {
                string otherPlace = other.Path.Length == 0 ? $"'{other.Group}/{other.DataId}'" : $"'{other.Path}' of '{other.Group}/{other.DataId}'";
                throw new FormatException($"{place} would become the variable '{variable.Name}', and so would {otherPlace}. Use -Prefix, -Separator or -KeepCase to get different names.");
            }
        }
    }

    // A whole text is secret if it contains a secret. As its format is unknown, any matching word makes it secret.
    private bool MaskWithin(AcmConfig config, bool isSecret)
    {
        AcmContentFormat format = ContentValues.FormatOf(config.DataId);
        List<ContentValue> within = ContentValues.TryRead(config.Content, format == AcmContentFormat.Text ? AcmContentFormat.Properties : format);
        foreach (ContentValue value in within.Where(value => isSecret || _secrets.Matches(value.Path)))
        {
            Masks.AddValue(value.Value);
            Masks.AddValue(value.Value.Trim().Trim('"', '\''));
        }

        if (isSecret) return true;

        IReadOnlyList<string> found = _scan.Find(config.DataId, config.Content);
        foreach (string secret in found) Masks.AddValue(secret);
        return found.Count > 0 || SecretText.EndOfSecretWord(config.Content, 0, config.Content.Length, _secrets) >= 0;
    }

    private void MaskValue(ContentValue value, AcmContentFormat format)
    {
        // In a whole text, lines without letters and digits are only structure, unless there is nothing else.
        if (format == AcmContentFormat.Text && value.Value.Any(char.IsLetterOrDigit)) Masks.AddContent(value.Value);
        else Masks.AddValue(value.Value);
    }
}
