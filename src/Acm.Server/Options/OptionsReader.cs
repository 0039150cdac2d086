using System.Collections;
using System.Globalization;

namespace Acm.Server.Options;

/// <summary>Puts the sources together, nearest first, and checks the whole.</summary>
internal sealed class OptionsReader
{
    private const string DefaultDataFile = "acm-server.db";
    private const string DefaultSettingsFile = "appsettings.json";

    // Where a nearer source names one of a pair, the other in a farther source is overruled.
    private static readonly string[][] Alternatives = [["data", "in-memory"], ["secret-key", "secret-key-file"]];

    private readonly Dictionary<string, string> _values;
    private readonly List<string> _warnings;

    private OptionsReader(Dictionary<string, string> values, List<string> warnings)
    {
        _values = values;
        _warnings = warnings;
    }

    /// <exception cref="OptionsException">An option is unknown, malformed, or contradicts another.</exception>
    public static ServerOptions Read(IReadOnlyList<string> arguments, IDictionary environment, string folder)
    {
        var warnings = new List<string>();
        Dictionary<string, string> values = OptionSources.CommandLine(arguments);
        bool secretIsVisible = values.ContainsKey("secret-key");
        CheckAlternatives(values);
        Merge(values, OptionSources.Environment(environment, warnings));

        string settings = Path.Combine(folder, values.GetValueOrDefault("settings", DefaultSettingsFile));
        if (values.ContainsKey("settings") || File.Exists(settings)) Merge(values, OptionSources.Settings(settings));

        if (secretIsVisible) warnings.Add("--secret-key can be seen by other users of this machine; ACM_SERVER_SECRET_KEY or --secret-key-file cannot.");
        return new OptionsReader(values, warnings).Build();
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
            if (pair.All(values.ContainsKey)) throw new OptionsException($"--{pair[0]} and --{pair[1]} exclude each other.");
        }
    }

    private ServerOptions Build()
    {
        ListenAddress[] addresses = [.. List("urls", ";,").Select(ListenAddress.Parse)];
        string? accessKey = Text("access-key");
        string? secretKey = SecretKey();
        var options = new ServerOptions
        {
            DataFile = Switch("in-memory") ? null : Text("data") ?? DefaultDataFile,
            AccessKey = accessKey,
            SecretKey = secretKey ?? "",
            StrictPolls = Switch("strict-polls"),
            Certificate = Text("certificate"),
            CertificateKey = Text("certificate-key"),
            CertificatePasswordFile = Text("certificate-password-file"),
            Advertise = List("advertise", ","),
            Units = List("unit", ","),
            StopOnStdinClose = Switch("stop-on-stdin-close"),
            Detached = Switch("detached"),
            MaxContentBytes = Number("max-content-bytes", ServerOptions.DefaultMaxContentBytes, least: 1, most: 100 * 1024 * 1024),
            MaxConnectionsPerIp = Number("max-connections-per-ip", 0),
            MaxReadsPerSecond = Number("max-reads-per-second", 0),
            MaxChangesPerSecond = Number("max-changes-per-second", 0),
            Latency = TimeSpan.FromMilliseconds(Number("latency-ms", 0, most: 60_000)),
            Warnings = _warnings,
        };
        if (addresses.Length > 0) options = options with { Addresses = addresses };

        if (accessKey is null != secretKey is null) throw new OptionsException("An access key needs a secret key, and the other way round.");
        if (options.Addresses.Any(a => a.IsTls) && options.Certificate is null) throw new OptionsException("An https address needs --certificate.");
        if (accessKey is null && !Switch("allow-anonymous") && options.Addresses.FirstOrDefault(a => !a.IsLoopback) is { } open)
        {
            throw new OptionsException(
                $"Without keys everyone who reaches {open.Address?.ToString() ?? "this machine"} could read and change everything. Give --access-key and a secret key, or --allow-anonymous.");
        }

        return options;
    }

    private string? SecretKey()
    {
        if (Text("secret-key-file") is not { } path) return Text("secret-key");

        string secret = SecretFile.Read(path);
        return secret.Length > 0 ? secret : throw new OptionsException($"The secret key file '{path}' is empty.");
    }

    private string? Text(string name)
    {
        if (!_values.TryGetValue(name, out string? value)) return null;

        return value.Length > 0 ? value : throw new OptionsException($"--{name} is empty.");
    }

    private string[] List(string name, string separators) =>
        Text(name)?.Split(separators.ToCharArray(), StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private bool Switch(string name) => _values.GetValueOrDefault(name, "false").ToUpperInvariant() switch
    {
        "TRUE" or "1" => true,
        "FALSE" or "0" or "" => false,
        _ => throw new OptionsException($"--{name} is true or false, not '{_values[name]}'."),
    };

    private int Number(string name, int absent, int least = 0, int most = int.MaxValue)
    {
        if (Text(name) is not { } text) return absent;

        bool isGood = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most;
        return isGood ? number : throw new OptionsException($"--{name} is a whole number from {least} to {most}, not '{text}'.");
    }
}
