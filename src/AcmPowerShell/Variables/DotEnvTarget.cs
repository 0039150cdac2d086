using System.Text;
using Acm.Client.Transfer;

namespace AcmPowerShell;

/// <summary>A .env file, which is replaced and readable only by its owner.</summary>
internal sealed class DotEnvTarget(string path) : IVariableTarget
{
    private readonly List<string> _notes = [];

    public string Description => path;

    public IEnumerable<string> Notes => _notes;

    public string? Refuse(AcmVariable variable) => null;

    public string? RefuseMask(string text) => null;

    // Nothing is printed.
    public void Mask(IEnumerable<string> texts)
    {
    }

    public void Set(IReadOnlyList<AcmVariable> variables)
    {
        bool hadContent = new FileInfo(path) is { Exists: true, Length: > 0 };
        string text = string.Concat(variables.Select(variable => DotEnvText.Line(variable.Name, variable.Value) + "\n"));
        ConfigFileWriter.WriteSecret(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetBytes(text));
        if (text.Length == 0 && hadContent) _notes.Add($"'{path}' is now empty, because the configurations contain no variables.");
        foreach (AcmVariable variable in variables)
            if (DotEnvText.Disagreement(variable.Value) is { } problem) _notes.Add($"{variable.Name} in '{path}' {problem}.");

        string[] quoted = [.. variables.Where(variable => DotEnvText.IsQuoted(variable.Value)).Select(variable => variable.Name)];
        if (quoted.Length > 0) _notes.Add($"'{path}' contains values in quotes. 'docker run --env-file' and 'kubectl --from-env-file' treat the quotes as part of the value: {string.Join(", ", quoted)}.");
    }
}
