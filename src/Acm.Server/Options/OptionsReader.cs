using System.Collections;
using System.Net;
using Acm.Server.Auth;
using Acm.Server.Dialects.Nacos;
using Acm.Server.Limits;

namespace Acm.Server.Options;

/// <summary>Merges the options of all sources by precedence, and validates them.</summary>
internal sealed class OptionsReader
{
    private const string SettingsOfOthers = "appsettings.json";
    private const string SecretKeyName = "secret-key";

    // An option overrides its alternative in a source of lower precedence.
    private static readonly string[][] Alternatives = [[OptionTable.Data, "in-memory"], ["secret-key", "secret-key-file"]];

    private readonly OptionValues _values;
    private readonly List<string> _warnings;

    private OptionsReader(OptionValues values, List<string> warnings)
    {
        _values = values;
        _warnings = warnings;
    }

    /// <summary>Reads the options.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="environment">The environment variables.</param>
    /// <param name="folder">The current folder.</param>
    /// <param name="openInput">Opens standard input, which is only read with <c>--secrets-from-stdin</c>.</param>
    /// <exception cref="OptionsException">An option is unknown, invalid, or conflicts with another.</exception>
    public static ServerOptions Read(IReadOnlyList<string> arguments, IDictionary environment, string folder, Func<Stream> openInput)
    {
        var warnings = new List<string>();
        Dictionary<string, string> values = OptionSources.CommandLine(arguments, OptionTable.All);
        bool secretIsVisible = values.ContainsKey("secret-key");
        CheckAlternatives(values);
        Merge(values, OptionSources.Environment(environment, warnings));

        // A settings file in the current folder may belong to another program, so it must be specified.
        if (values.TryGetValue("settings", out string? settings)) Merge(values, OptionSources.Settings(Path.Combine(folder, settings)));
        else if (File.Exists(Path.Combine(folder, SettingsOfOthers))) warnings.Add($"'{SettingsOfOthers}' in the current folder is not read. Specify it with --settings to use it.");

        if (secretIsVisible) warnings.Add("--secret-key can be seen by other users of this machine. Use --secret-key-file or --secrets-from-stdin.");
        return new OptionsReader(new OptionValues(values), warnings).Build(openInput);
    }

    private static void Merge(Dictionary<string, string> values, Dictionary<string, string> farther)
    {
        CheckAlternatives(farther);
        foreach (string[] pair in Alternatives)
        {
            if (pair.Any(values.ContainsKey)) Array.ForEach(pair, name => farther.Remove(name));
        }

        foreach ((string name, string value) in farther) values.TryAdd(name, value);
    }

    private static void CheckAlternatives(Dictionary<string, string> values)
    {
        foreach (string[] pair in Alternatives)
        {
            if (pair.All(values.ContainsKey)) throw new OptionsException($"--{pair[0]} and --{pair[1]} cannot be used together.");
        }
    }

    private ServerOptions Build(Func<Stream> openInput)
    {
        ListenAddress[] addresses = [.. _values.List("urls", ";,").Select(ListenAddress.Parse)];
        string? accessKey = _values.Text("access-key");
        Dictionary<string, string> secrets = _values.Switch("secrets-from-stdin") ? SecretInput.Read(openInput()) : [];
        string? secretKey = SecretKey(secrets);
        var options = new ServerOptions
        {
            DataFile = _values.Switch("in-memory") ? null : _values.Text(OptionTable.Data) ?? ServerOptions.DefaultDataFile,
            AccessKey = accessKey,
            SecretKey = secretKey ?? "",
            AllowUnsignedPolls = _values.Switch("allow-unsigned-polls"),
            AllowedHosts = [.. _values.List("allowed-host", ","), .. _values.List("advertise", ",").Select(HostOf)],
            Certificate = _values.Text("certificate"),
            CertificateKey = _values.Text("certificate-key"),
            CertificatePasswordFile = _values.Text("certificate-password-file"),
            Advertise = _values.List("advertise", ","),
            Units = _values.List("unit", ","),
            Users = [.. _values.List("user", ",").Select(UserEntry.Parse)],
            PasswordFile = _values.Text("password-file"),
            Passwords = secrets,
            TokenLife = TimeSpan.FromSeconds(_values.Number("token-seconds", ServerOptions.DefaultTokenSeconds, least: 1)),
            AnonymousClient = _values.Switch("anonymous-client"),
            NacosGeneration = Generation(_values.Text("nacos-generation")),
            GrpcPort = _values.Text("grpc-port") is null or "none" ? null : _values.Number("grpc-port", 0, most: IPEndPoint.MaxPort),
            NoGrpc = _values.Text("grpc-port") == "none",
            NacosContextPath = ContextPath(_values.Text("nacos-context-path")),
            Backup = _values.Text("backup"),
            HistoryDays = _values.Number("history-days", 30),
            HistoryRevisions = _values.Number("history-revisions", 100),
            StopOnStdinClose = _values.Switch("stop-on-stdin-close"),
            Detached = _values.Switch("detached"),
            MaxContentBytes = _values.Text("max-content-bytes") is null ? null : _values.Number("max-content-bytes", 0, least: 1, most: 100 * 1024 * 1024),
            MaxConnections = MaxConnections(),
            IdleTimeout = TimeSpan.FromSeconds(_values.Number("idle-seconds", ServerOptions.DefaultIdleSeconds, least: 1, most: 86_400)),
            MaxConnectionsPerIp = _values.Number("max-connections-per-ip", 0),
            MaxReadsPerSecond = _values.Number("max-reads-per-second", 0),
            MaxChangesPerSecond = _values.Number("max-changes-per-second", 0),
            Latency = TimeSpan.FromMilliseconds(_values.Number("latency-ms", 0, most: 60_000)),
            Warnings = _warnings,
        };
        if (addresses.Length == 0) addresses = [accessKey is null ? ServerOptions.FreePort : ServerOptions.AddressServer];
        options = options with { Addresses = addresses };
        string?[] secretFiles = [_values.Text("secret-key-file"), options.CertificateKey, options.CertificatePasswordFile, options.PasswordFile];
        _warnings.AddRange(secretFiles.OfType<string>().Select(SecretFile.Exposure).OfType<string>());
        IPAddress[] proxies = [.. _values.List("trusted-proxy", ",").Select(Proxy)];
        if (proxies.Length > 0) options = options with { TrustedProxies = proxies };

        if (accessKey is null != secretKey is null) throw new OptionsException("Specify both an access key and a secret key, or neither.");
        if (options.Addresses.Any(a => a.IsTls) && options.Certificate is null) throw new OptionsException("An https address requires --certificate.");
        CheckUsers(options);
        if (accessKey is null && (options.Users.Count == 0 || options.AnonymousClient) && !_values.Switch("allow-anonymous") && options.Addresses.FirstOrDefault(a => !a.IsLoopback) is { } open)
        {
            throw new OptionsException(
                $"Without keys or users anyone who can reach {open.Address?.ToString() ?? "this machine"} could read and change everything. Specify --access-key and a secret key, or --user and --password-file, or --allow-anonymous.");
        }

        return options;
    }

    private static string HostOf(string address)
    {
        int colon = address.LastIndexOf(':');
        return colon < 0 ? address : address[..colon];
    }

    private int? MaxConnections()
    {
        if (_values.Text("max-connections") is null) return null;

        int wanted = _values.Number("max-connections", 0, least: 1);
        int largest = ConnectionLimit.Largest(DescriptorLimit.Read());
        if (wanted <= largest) return wanted;

        _warnings.Add($"This process may open {DescriptorLimit.Read()} files, so --max-connections is {largest} instead of {wanted}. Raise the limit with ulimit -n.");
        return largest;
    }

    private string? SecretKey(Dictionary<string, string> fromInput)
    {
        if (fromInput.Remove(SecretKeyName, out string? given))
        {
            if (_values.Text("secret-key") is not null || _values.Text("secret-key-file") is not null) throw new OptionsException("The secret key is specified twice: on standard input and with another option.");
            if (given.Length == 0) throw new OptionsException("The secret key on standard input is empty.");
        }

        if (given is not null) return given;
        if (_values.Text("secret-key-file") is not { } path) return _values.Text("secret-key");

        string secret = SecretFile.Read(path);
        return secret.Length > 0 ? secret : throw new OptionsException($"The secret key file '{path}' is empty.");
    }

    private static Generation? Generation(string? text) => text switch
    {
        "1" => Dialects.Nacos.Generation.One,
        "2" => Dialects.Nacos.Generation.Two,
        null or "3" => Dialects.Nacos.Generation.Three,
        "3.2" => Dialects.Nacos.Generation.ThreeTwo,
        "none" => null,
        _ => throw new OptionsException($"--nacos-generation must be 1, 2, 3, 3.2 or none, not '{text}'."),
    };

    private static string ContextPath(string? text)
    {
        if (text is null) return "/nacos";

        string path = text.Trim('/');
        return path.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/') && !path.Contains("//", StringComparison.Ordinal)
            ? path.Length == 0 ? "" : "/" + path
            : throw new OptionsException($"'{text}' is not a valid context path.");
    }

    private static IPAddress Proxy(string text) =>
        IPAddress.TryParse(text, out IPAddress? address) ? address : throw new OptionsException($"'{text}' is not the address of a proxy.");

    private static void CheckUsers(ServerOptions options)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (UserEntry user in options.Users)
        {
            if (!names.Add(user.Name)) throw new OptionsException($"--user {user.Name} is specified twice.");
        }

        if (options.Passwords.Keys.FirstOrDefault(name => !names.Contains(name)) is { } stranger) throw new OptionsException($"'{stranger}' on standard input is not the name of a secret or a user.");
        if (options.PasswordFile is not null && options.Passwords.Count > 0) throw new OptionsException("The passwords are specified twice: on standard input and with --password-file.");
        if (options.Users.Count == 0 && options.PasswordFile is not null) throw new OptionsException("--password-file requires --user.");
        if (options.Users.Count == 0 && options.AnonymousClient) throw new OptionsException("--anonymous-client requires --user. Without users, every call is allowed.");
        if (options.PasswordFile is not null) return;

        if (options.Users.FirstOrDefault(user => !options.Passwords.ContainsKey(user.Name)) is { } left) throw new OptionsException($"--user {left.Name} has no password. Specify --password-file, or '{left.Name}=password' with --secrets-from-stdin.");
    }
}
