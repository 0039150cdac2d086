using System.Text;

namespace AcmPowerShell;

/// <summary>A .env file, written whole and only for its owner to read.</summary>
internal sealed class DotEnvTarget(string path) : IVariableTarget
{
    public string Description => path;

    // Nothing is printed.
    public void Mask(IEnumerable<string> texts)
    {
    }

    public void Set(IReadOnlyList<AcmVariable> variables)
    {
        string text = string.Concat(variables.Select(variable => DotEnvText.Line(variable.Name, variable.Value) + "\n"));
        PrivateFile.Write(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetBytes(text));
    }
}
