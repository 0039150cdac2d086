using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace AcmPowerShell;

/// <summary>Completes the names of the encodings that configuration files mostly are in. Others are taken as well.</summary>
public sealed class EncodingCompleter : IArgumentCompleter
{
    private static readonly (string Name, string Tip)[] Names =
    [
        ("utf8", "UTF-8"),
        ("gbk", "Chinese, simplified (code page 936)"),
        ("gb18030", "Chinese, all characters"),
        ("big5", "Chinese, traditional (code page 950)"),
        ("shift_jis", "Japanese (code page 932)"),
        ("euc-kr", "Korean"),
        ("unicode", "UTF-16, little-endian"),
        ("bigendianunicode", "UTF-16, big-endian"),
        ("utf32", "UTF-32, little-endian"),
        ("ascii", "7-bit ASCII"),
        ("iso-8859-1", "Western European, Latin 1"),
        ("windows-1252", "Western European, Windows"),
    ];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string typed = CompletionText.Typed(wordToComplete);
        return Names
            .Where(one => one.Name.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .Select(one => new CompletionResult(one.Name, one.Name, CompletionResultType.ParameterValue, one.Tip));
    }
}
