using System.Text;

namespace AcmPowerShell;

/// <summary>What variables may be called. Names that change what other programs do are nobody's configuration.</summary>
internal static class VariableNames
{
    private static readonly HashSet<string> Refused = new(StringComparer.OrdinalIgnoreCase)
    {
        "PATH", "PATHEXT", "COMSPEC", "SHELL", "HOME", "USERPROFILE", "TEMP", "TMP", "TMPDIR", "USER", "IFS", "CDPATH", "PWD", "CI", "TF_BUILD",
        "SYSTEMROOT", "WINDIR", "APPDATA", "LOCALAPPDATA", "XDG_CONFIG_HOME", "ACM_PROFILE_PATH",
        "BASH_ENV", "ENV", "SHELLOPTS", "BASHOPTS", "PS4", "PROMPT_COMMAND", "GLOBIGNORE",
        "NODE_OPTIONS", "NODE_PATH", "NODE_EXTRA_CA_CERTS", "NODE_TLS_REJECT_UNAUTHORIZED",
        "PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PERL5LIB", "PERL5OPT", "RUBYOPT", "RUBYLIB",
        "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "MAVEN_OPTS", "GRADLE_OPTS",
        "PSMODULEPATH", "DOTNET_STARTUP_HOOKS", "DOTNET_ADDITIONAL_DEPS", "COR_PROFILER", "CORECLR_PROFILER",
        "SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "EDITOR", "VISUAL", "PAGER",
    };

    private static readonly string[] RefusedStarts =
    [
        "GITHUB_", "RUNNER_", "ACTIONS_", "INPUT_", "ACM_INPUT_", "SYSTEM_", "AGENT_", "VSTS_", "ENDPOINT_", "SECUREFILE_", "SECRET_FILE_", "TASK_",
        "LD_", "DYLD_", "GIT_", "NPM_CONFIG_", "BASH_FUNC_", "DOTNET_", "CORECLR_", "COMPLUS_",
    ];

    /// <summary>A name made of parts: upper case unless kept, with <c>_</c> for what a name can't hold.</summary>
    internal static string Of(string prefix, IEnumerable<string> parts, string separator, bool keepCase)
    {
        string joined = prefix + string.Join(separator, parts.Select(Clean));
        if (joined.Length > 0 && char.IsDigit(joined[0])) joined = "_" + joined;
        return keepCase ? joined : joined.ToUpperInvariant();
    }

    /// <summary>Why a name is refused; null where it is not.</summary>
    internal static string? Refuse(string name)
    {
        if (name.Length == 0 || name.All(c => c == '_') || !name.All(IsAllowed) || char.IsDigit(name[0])) return "it is no name of a variable: letters, digits and _ are allowed, and no digit at the start";
        if (Refused.Contains(name)) return "it changes what the shell or other programs do";
        return Array.Find(RefusedStarts, start => name.StartsWith(start, StringComparison.OrdinalIgnoreCase)) is { } reserved
            ? $"names that start with {reserved} belong to the runner or to other programs"
            : null;
    }

    private static string Clean(string part)
    {
        var name = new StringBuilder(part.Length);
        foreach (char c in part) name.Append(IsAllowed(c) ? c : '_');
        return name.ToString();
    }

    private static bool IsAllowed(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_';
}
