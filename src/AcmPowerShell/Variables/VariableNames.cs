using System.Text;

namespace AcmPowerShell;

/// <summary>Creates and validates variable names. Names that affect other programs are rejected.</summary>
internal static class VariableNames
{
    private static readonly HashSet<string> Refused = new(StringComparer.OrdinalIgnoreCase)
    {
        // Shells and systems.
        "PATH", "PATHEXT", "COMSPEC", "SHELL", "HOME", "USERPROFILE", "TEMP", "TMP", "TMPDIR", "USER", "IFS", "CDPATH", "PWD", "OLDPWD", "CI", "TF_BUILD",
        "SYSTEMROOT", "WINDIR", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "PROGRAMFILES", "ACM_PROFILE_PATH", "TERMINFO", "TERMCAP", "LOCPATH", "NLSPATH", "GCONV_PATH", "HOSTALIASES", "RES_OPTIONS",
        "BASH_ENV", "ENV", "ZDOTDIR", "SHELLOPTS", "BASHOPTS", "PS1", "PS2", "PS4", "PROMPT_COMMAND", "GLOBIGNORE", "FPATH", "INPUTRC", "LESSOPEN", "LESSCLOSE", "MANPAGER",
        "EDITOR", "VISUAL", "PAGER", "SUDO_EDITOR", "SUDO_ASKPASS", "SSH_ASKPASS", "SSH_AUTH_SOCK", "RSYNC_RSH", "CVS_RSH", "SVN_SSH", "TAR_OPTIONS", "GREP_OPTIONS", "ZIPOPT", "WGETRC", "CURL_HOME",
        // Compilers and build tools.
        "MAKEFLAGS", "MFLAGS", "GNUMAKEFLAGS", "MAKEFILES", "CC", "CXX", "RANLIB", "CFLAGS", "CXXFLAGS", "CPPFLAGS", "LDFLAGS", "LIBRARY_PATH", "CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH",
        "COMPILER_PATH", "PKG_CONFIG", "PKG_CONFIG_PATH", "CMAKE_TOOLCHAIN_FILE", "CONFIG_SITE", "M4PATH", "ACLOCAL_PATH", "MSBUILDSDKSPATH", "MSBUILDEXTENSIONSPATH", "MSBUILDDISABLENODEREUSE",
        // Runtimes of languages.
        "NODE_OPTIONS", "NODE_PATH", "NODE_EXTRA_CA_CERTS", "NODE_TLS_REJECT_UNAUTHORIZED", "NODE_REPL_EXTERNAL_MODULE", "NODE_ICU_DATA", "NODE_USE_ENV_PROXY", "NODE_REDIRECT_WARNINGS", "NODE_V8_COVERAGE",
        "JAVA_HOME", "JAVA_OPTS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH", "ANT_OPTS", "ANT_ARGS", "SBT_OPTS", "CATALINA_OPTS", "KOTLIN_OPTS", "SCALA_HOME", "JVM_OPTS",
        "COR_PROFILER", "COR_ENABLE_PROFILING", "PSMODULEPATH", "PSLOCKDOWNPOLICY", "PROJ_LIB", "GEM_HOME", "GEM_PATH", "RAKEOPT", "R_PROFILE", "R_PROFILE_USER", "R_ENVIRON", "R_ENVIRON_USER",
        "PHPRC", "PHP_INI_SCAN_DIR", "LUA_INIT", "LUA_PATH", "LUA_CPATH", "ERL_FLAGS", "ERL_AFLAGS", "ERL_ZFLAGS", "ELIXIR_ERL_OPTIONS", "JULIA_LOAD_PATH", "JULIA_DEPOT_PATH", "GUILE_LOAD_PATH", "TCLLIBPATH", "VIRTUAL_ENV",
        // Trust, proxies, and remote endpoints of tools.
        "SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSLKEYLOGFILE", "HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "ALL_PROXY", "NO_PROXY", "KUBECONFIG", "DOCKER_HOST", "DOCKER_CONFIG", "DOCKER_CONTEXT", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY", "DOCKER_CONTENT_TRUST", "DOCKER_CONTENT_TRUST_SERVER", "KRB5_CONFIG", "NETRC", "BOTO_CONFIG", "RANDFILE",
    };

    private static readonly string[] RefusedStarts =
    [
        // Runners.
        "GITHUB_", "RUNNER_", "ACTIONS_", "INPUT_", "ACM_INPUT_", "SYSTEM_", "AGENT_", "VSTS_", "VSO_", "AZP_", "ENDPOINT_", "SECUREFILE_", "SECRET_FILE_", "TASK_",
        // Loaders, runtimes, package managers and tools that read many variables, more with each version.
        "LD_", "DYLD_", "GIT_", "BASH_FUNC_", "GLIBC_", "MALLOC_", "DOTNET_", "CORECLR_", "COMPLUS_", "NUGET_", "MSBUILD_", "NPM_", "YARN_", "PNPM_", "COREPACK_", "BUN_", "DENO_", "ELECTRON_",
        "PYTHON", "PIP_", "PIPX_", "UV_", "POETRY_", "CONDA_", "TOX_", "PERL", "RUBY", "BUNDLE_", "COMPOSER_", "GO111", "GOFLAGS", "GOPATH", "GOROOT", "GOPROXY", "GOENV", "GOTOOL", "GONOS", "GOSUM", "GOPRIVATE", "GOINSECURE", "GOEXPERIMENT", "CGO_",
        "CARGO_", "RUST", "MAVEN_", "GRADLE_", "OPENSSL_", "XDG_", "BUILDKIT_", "BUILDX_", "COMPOSE_", "HELM_", "TF_CLI_", "TF_PLUGIN_", "TF_REATTACH_", "ANSIBLE_", "VAGRANT_", "CMAKE_", "NINJA_", "CCACHE_", "SCCACHE_", "HOMEBREW_", "WINEDLL", "GTK_", "QT_", "GIO_",
    ];

    /// <summary>Returns a name from its parts, in upper case unless it is kept, with <c>_</c> for invalid characters.</summary>
    internal static string Of(string prefix, IEnumerable<string> parts, string separator, bool keepCase)
    {
        string joined = prefix + string.Join(separator, parts.Select(Clean));
        if (joined.Length > 0 && char.IsDigit(joined[0])) joined = "_" + joined;
        return keepCase ? joined : joined.ToUpperInvariant();
    }

    /// <summary>Returns why a name is rejected, or null.</summary>
    internal static string? Refuse(string name)
    {
        if (name.Length == 0 || name.All(c => c == '_') || !name.All(IsAllowed) || char.IsDigit(name[0])) return "it is not a valid name: a name consists of letters, digits and _ and does not start with a digit";
        if (Refused.Contains(name)) return "it affects the shell or other programs";
        return Array.Find(RefusedStarts, start => name.StartsWith(start, StringComparison.OrdinalIgnoreCase)) is { } reserved
            ? $"names that start with {reserved} are reserved for the runner or other programs"
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
