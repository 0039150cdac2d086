namespace AcmShell.CommandLine;

/// <summary>What the command line asks for. Switches may be shortened as long as they stay unambiguous, as with <c>pwsh</c>.</summary>
internal sealed record ShellOptions
{
    public const string HelpText = """
        AcmShell runs PowerShell scripts where PowerShell is not installed.

          AcmShell [-File] script.ps1 [arguments]   runs a script
          AcmShell -Command text                    runs a command; '-' reads it from standard input
          AcmShell                                  runs standard input, or asks at a terminal

          -NonInteractive   a question is an error instead of a prompt
          -NoModule         does not import the Acm module
          -Help             shows this text

        The module is taken from the folder in ACM_MODULE_PATH (it holds Acm/), else from out/ of the repository.
        Exit codes: that of 'exit', 1 after an uncaught error, 64 for a wrong command line, 130 after Ctrl+C.
        """;

    /// <summary>Accepted for the sake of command lines written for <c>pwsh</c>; AcmShell has no profile and no banner.</summary>
    private static readonly string[] Ignored = ["NoProfile", "NoLogo"];

    private static readonly string[] Switches = ["File", "Command", "NonInteractive", "NoModule", "Help", .. Ignored];

    public string? File { get; private init; }

    public string? Command { get; private init; }

    public IReadOnlyList<string> ScriptArguments { get; private init; } = [];

    public bool NonInteractive { get; private init; }

    public bool NoModule { get; private init; }

    public bool Help { get; private init; }

    public static ShellOptions Parse(string[] arguments)
    {
        var options = new ShellOptions();
        for (int i = 0; i < arguments.Length; i++)
        {
            string argument = arguments[i];
            if (!argument.StartsWith('-')) return options.WithFile(arguments[i..]);

            switch (Resolve(argument))
            {
                case "File":
                    return options.WithFile(arguments[(i + 1)..]);
                case "Command":
                    return options.WithCommand(arguments[(i + 1)..]);
                case "NonInteractive":
                    options = options with { NonInteractive = true };
                    break;
                case "NoModule":
                    options = options with { NoModule = true };
                    break;
                case "Help":
                    return options with { Help = true };
            }
        }

        return options;
    }

    private static string Resolve(string argument)
    {
        string name = argument.TrimStart('-');
        if (name is "?") return "Help";

        // The short forms that pwsh documents; the rest is any prefix that fits one switch only.
        string[] found = name.ToUpperInvariant() switch
        {
            "" => [],
            "F" => ["File"],
            "C" => ["Command"],
            "H" => ["Help"],
            _ => Switches.Where(s => s.Equals(name, StringComparison.OrdinalIgnoreCase)) is var exact && exact.Any()
                ? [.. exact]
                : [.. Switches.Where(s => s.StartsWith(name, StringComparison.OrdinalIgnoreCase))],
        };
        return found.Length switch
        {
            1 => found[0],
            0 => throw new UsageException($"'{argument}' is not a switch of AcmShell. -Help lists them."),
            _ => throw new UsageException($"'{argument}' could be {string.Join(" or ", found.Select(s => "-" + s))}."),
        };
    }

    private ShellOptions WithFile(string[] rest) => rest is [var file, .. var arguments]
        ? this with { File = file, ScriptArguments = arguments }
        : throw new UsageException("-File needs the path of a script.");

    private ShellOptions WithCommand(string[] rest) => rest.Length > 0
        ? this with { Command = string.Join(' ', rest) }
        : throw new UsageException("-Command needs the text to run.");
}
