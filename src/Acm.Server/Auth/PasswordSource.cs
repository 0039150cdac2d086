using Acm.Server.Options;

namespace Acm.Server.Auth;

/// <summary>Where the passwords of the users come from: lines of <c>NAME=password</c>. A file is read again once it has changed.</summary>
internal sealed class PasswordSource
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1);

    private readonly string? _path;
    private readonly TimeProvider _clock;
    private readonly Action<string> _warn;
    private readonly Lock _lock = new();
    private Dictionary<string, PasswordHash> _hashes;
    private (DateTime Written, long Length) _version;
    private long _lookedAt;

    private PasswordSource(Dictionary<string, PasswordHash> hashes, string? path, TimeProvider clock, Action<string> warn)
    {
        _hashes = hashes;
        _path = path;
        _clock = clock;
        _warn = warn;
        _lookedAt = clock.GetTimestamp();
    }

    /// <summary>Counts the times that the passwords were read; what was remembered of older ones is void.</summary>
    public int Version { get; private set; }

    public static PasswordSource Of(IReadOnlyDictionary<string, string> passwords) =>
        new(passwords.ToDictionary(p => p.Key, p => new PasswordHash(p.Value), StringComparer.Ordinal), path: null, TimeProvider.System, static _ => { });

    /// <param name="path">The file.</param>
    /// <param name="clock">Tells how long ago the file was looked at.</param>
    /// <param name="warn">Told where a changed file cannot be used; the passwords of before stay.</param>
    /// <exception cref="OptionsException">The file cannot be read, or is not of such lines.</exception>
    public static PasswordSource OfFile(string path, TimeProvider clock, Action<string> warn)
    {
        (DateTime, long) version = VersionOf(path);
        return new PasswordSource(Read(path), path, clock, warn) { _version = version };
    }

    /// <summary>Reads <c>NAME=password</c> lines; blank lines and those that start with # say nothing.</summary>
    /// <param name="text">The lines.</param>
    /// <param name="where">How messages name the source.</param>
    /// <exception cref="OptionsException">A line is not of this form.</exception>
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

    /// <summary>Null where the user has no password, and so cannot log in.</summary>
    public PasswordHash? Find(string name)
    {
        lock (_lock)
        {
            ReadAgainIfChanged();
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

    private void ReadAgainIfChanged()
    {
        if (_path is null || _clock.GetElapsedTime(_lookedAt) < LookAgainAfter) return;

        _lookedAt = _clock.GetTimestamp();
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
