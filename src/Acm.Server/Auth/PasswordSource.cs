using Acm.Server.Options;

namespace Acm.Server.Auth;

/// <summary>The source of the users' passwords: lines of <c>NAME=password</c>. A file is reloaded when it changes.</summary>
internal sealed class PasswordSource
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    private readonly string? _path;
    private readonly int _iterations;
    private readonly TimeProvider _clock;
    private readonly Action<string> _warn;
    private readonly Lock _lock = new();
    private Dictionary<string, PasswordHash> _hashes;
    private (DateTime Written, long Length) _version;
    private long _checkedAt;

    private PasswordSource(IReadOnlyDictionary<string, string> passwords, string? path, int iterations, TimeProvider clock, Action<string> warn)
    {
        _hashes = Hash(passwords, iterations);
        _path = path;
        _iterations = iterations;
        _clock = clock;
        _warn = warn;
        _checkedAt = clock.GetTimestamp();
    }

    /// <summary>Gets the number of reloads, which invalidates cached digests of older passwords.</summary>
    public int Version { get; private set; }

    /// <summary>Gets the number of iterations of each hash.</summary>
    public int Iterations => _iterations;

    public static PasswordSource Of(IReadOnlyDictionary<string, string> passwords, int iterations) => new(passwords, path: null, iterations, TimeProvider.System, static _ => { });

    /// <summary>Reads the passwords from a file.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="iterations">The number of iterations of each hash.</param>
    /// <param name="clock">The clock for the check interval.</param>
    /// <param name="warn">Called if a changed file cannot be used; the previous passwords stay in use.</param>
    /// <exception cref="OptionsException">The file cannot be read or parsed.</exception>
    public static PasswordSource OfFile(string path, int iterations, TimeProvider clock, Action<string> warn)
    {
        (DateTime, long) version = VersionOf(path);
        return new PasswordSource(Read(path), path, iterations, clock, warn) { _version = version };
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

    private static Dictionary<string, string> Read(string path) => Parse(SecretFile.Read(path), $"the password file '{path}'");

    private static Dictionary<string, PasswordHash> Hash(IReadOnlyDictionary<string, string> passwords, int iterations) =>
        passwords.ToDictionary(p => p.Key, p => new PasswordHash(p.Value, iterations), StringComparer.Ordinal);

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
            _hashes = Hash(Read(_path), _iterations);
            Version++;
        }
        catch (OptionsException e)
        {
            _warn(e.Message + " The previous passwords stay in use.");
        }
    }
}
