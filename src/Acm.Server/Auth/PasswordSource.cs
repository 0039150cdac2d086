using Acm.Server.Options;

namespace Acm.Server.Auth;

/// <summary>The source of the users' passwords: lines of <c>NAME=password</c>. A file is reloaded when it changes.</summary>
internal sealed class PasswordSource
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    private readonly string? _path;
    private readonly TimeProvider _clock;
    private readonly Action<string> _warn;
    private readonly Lock _lock = new();
    private Dictionary<string, PasswordHash> _hashes;
    private (DateTime Written, long Length) _version;
    private long _checkedAt;

    private PasswordSource(Dictionary<string, PasswordHash> hashes, string? path, TimeProvider clock, Action<string> warn)
    {
        _hashes = hashes;
        _path = path;
        _clock = clock;
        _warn = warn;
        _checkedAt = clock.GetTimestamp();
    }

    /// <summary>Gets the number of reloads, which invalidates cached digests of older passwords.</summary>
    public int Version { get; private set; }

    public static PasswordSource Of(IReadOnlyDictionary<string, string> passwords) =>
        new(passwords.ToDictionary(p => p.Key, p => new PasswordHash(p.Value), StringComparer.Ordinal), path: null, TimeProvider.System, static _ => { });

    /// <summary>Reads the passwords from a file.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="clock">The clock for the check interval.</param>
    /// <param name="warn">Called if a changed file cannot be used; the previous passwords stay in use.</param>
    /// <exception cref="OptionsException">The file cannot be read or parsed.</exception>
    public static PasswordSource OfFile(string path, TimeProvider clock, Action<string> warn)
    {
        (DateTime, long) version = VersionOf(path);
        return new PasswordSource(Read(path), path, clock, warn) { _version = version };
    }

    /// <summary>Parses <c>NAME=password</c> lines; ignores blank lines and those that start with <c>#</c>.</summary>
    /// <param name="text">The lines.</param>
    /// <param name="where">The name of the source in error messages.</param>
    /// <exception cref="OptionsException">A line is malformed, or repeats a user.</exception>
    public static Dictionary<string, string> Parse(string text, string where)
    {
        var passwords = new Dictionary<string, string>(StringComparer.Ordinal);
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(lines[i]) || lines[i].StartsWith('#')) continue;

            int equals = lines[i].IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == lines[i].Length - 1) throw new OptionsException($"Line {i + 1} of {where} is not 'NAME=password'.");
            if (!passwords.TryAdd(lines[i][..equals].Trim(), lines[i][(equals + 1)..])) throw new OptionsException($"Line {i + 1} of {where} specifies a user twice.");
        }

        return passwords;
    }

    /// <summary>Returns the password of a user; null if there is none, so that the user cannot log in.</summary>
    public PasswordHash? Find(string name)
    {
        lock (_lock)
        {
            ReloadIfChanged();
            return _hashes.GetValueOrDefault(name);
        }
    }

    private static Dictionary<string, PasswordHash> Read(string path) =>
        Parse(SecretFile.Read(path), $"the password file '{path}'").ToDictionary(p => p.Key, p => new PasswordHash(p.Value), StringComparer.Ordinal);

    private static (DateTime Written, long Length) VersionOf(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
    }

    private void ReloadIfChanged()
    {
        if (_path is null || _clock.GetElapsedTime(_checkedAt) < CheckInterval) return;

        _checkedAt = _clock.GetTimestamp();
        (DateTime, long) version = VersionOf(_path);
        if (version == _version) return;

        _version = version;
        try
        {
            _hashes = Read(_path);
            Version++;
        }
        catch (OptionsException e)
        {
            _warn(e.Message + " The previous passwords stay in use.");
        }
    }
}
