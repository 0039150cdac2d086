using System.Text;

namespace AcmPowerShell;

/// <summary>
/// A GitHub Actions job. Variables are written to the file in GITHUB_ENV, or GITHUB_OUTPUT for outputs, with an unpredictable delimiter. Masks are written to standard output as
/// <c>add-mask</c> commands. Source: GitHub's documentation of workflow commands.
/// </summary>
internal sealed class GitHubTarget(Func<string, string?> environment, TextWriter output, bool asOutput) : IVariableTarget
{
    private readonly string _variable = asOutput ? "GITHUB_OUTPUT" : "GITHUB_ENV";

    public string Description => asOutput ? "outputs of this step" : "environment of the later steps";

    public IEnumerable<string> Notes => [];

    public string? Refuse(AcmVariable variable) => null;

    public string? RefuseMask(string text) => null;

    public void Mask(IEnumerable<string> texts)
    {
        foreach (string text in texts) output.WriteLine("::add-mask::" + Escape(text));
        output.Flush();
    }

    public void Set(IReadOnlyList<AcmVariable> variables)
    {
        string file = environment(_variable) is { Length: > 0 } path
            ? path
            : throw new InvalidOperationException($"The variable {_variable}, which specifies the output file, is not set. Run this in a step of GitHub Actions.");
        var text = new StringBuilder(EndsInLine(file) ? "" : "\n");
        foreach (AcmVariable variable in variables)
        {
            string delimiter = "acm_" + Guid.NewGuid().ToString("N");
            text.Append(variable.Name).Append("<<").Append(delimiter).Append('\n').Append(variable.Value).Append('\n').Append(delimiter).Append('\n');
        }

        File.AppendAllText(file, text.ToString(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }

    // If an earlier command did not end its last line, the first name would become part of that line.
    private static bool EndsInLine(string file)
    {
        if (!File.Exists(file)) return true;

        using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        if (stream.Length == 0) return true;

        stream.Seek(-1, SeekOrigin.End);
        return stream.ReadByte() == '\n';
    }

    private static string Escape(string text) => text.Replace("%", "%25").Replace("\r", "%0D").Replace("\n", "%0A");
}
