using System.Text.RegularExpressions;

namespace Acm.Tests.Docs;

/// <summary>The engine's messages do not mention PowerShell parameters or commands.</summary>
public sealed partial class EngineTextTests
{
    [Fact]
    public void No_text_of_the_engine_names_a_parameter_or_a_command()
    {
        string engine = Path.Combine(DocsFolder.Root, "..", "src", "Acm.Client");
        string[] named = [.. Directory.EnumerateFiles(engine, "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("\\obj\\", StringComparison.Ordinal))
            .SelectMany(path => File.ReadLines(path)
                .Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && Parameter().IsMatch(line))
                .Select(line => $"{Path.GetFileName(path)}: {line.Trim()}"))];

        Assert.Empty(named);
    }

    [Fact]
    public void Each_option_that_an_error_names_has_a_sentence_with_the_parameters_that_set_it()
    {
        string source = Path.Combine(DocsFolder.Root, "..", "src");
        string advice = File.ReadAllText(Path.Combine(source, "AcmPowerShell", "Pipeline", "OptionAdvice.cs"));
        string[] options = [.. Directory.EnumerateFiles(Path.Combine(source, "Acm.Client"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(path => Option().Matches(File.ReadAllText(path)))
            .Select(match => match.Groups[1].Value)
            .Distinct()];

        Assert.NotEmpty(options);
        Assert.DoesNotContain(options, option => !advice.Contains($"[nameof({option})]", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\bOption = nameof\(([A-Za-z.]+)\)")]
    private static partial Regex Option();

    // In strings: a dash at the start of a word, or a verb with the module's noun.
    [GeneratedRegex(@"""[^""]*([ (]-[A-Z][a-zA-Z]+|[A-Z][a-z]+-Acm[A-Z]?)")]
    private static partial Regex Parameter();
}
