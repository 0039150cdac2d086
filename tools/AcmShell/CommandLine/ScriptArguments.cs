using System.Management.Automation.Runspaces;

namespace AcmShell.CommandLine;

/// <summary>Turns the words after a script's name into parameters and values, by the rules of <c>pwsh -File</c>.</summary>
internal static class ScriptArguments
{
    public static IEnumerable<CommandParameter> Bind(IEnumerable<string> words)
    {
        string? waiting = null;
        foreach (string word in words)
        {
            int colon = word.IndexOf(':', StringComparison.Ordinal);
            if (waiting is not null)
            {
                yield return new CommandParameter(waiting, word);
                waiting = null;
            }
            else if (word.Length < 2 || word[0] != '-') yield return new CommandParameter(null, word);
            else if (colon < 0) yield return new CommandParameter(word);
            else if (colon == word.Length - 1) waiting = word[..colon];
            else yield return new CommandParameter(word[..colon], Value(word[(colon + 1)..]));
        }
    }

    /// <summary>A switch needs a way to be turned off; nothing else is anything but text.</summary>
    private static object Value(string text) =>
        bool.TryParse(text.StartsWith('$') ? text[1..] : text, out bool flag) ? flag : text;
}
