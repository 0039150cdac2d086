namespace Acm.Server.Options;

/// <summary>All options of the server, for the parsers and the help text.</summary>
internal static class OptionTable
{
    /// <summary>The name of the option for the data file.</summary>
    public const string Data = "data";

    public static IReadOnlyList<OptionEntry> All { get; } =
    [
        new("urls", "URL[;URL]", "addresses to listen on; port 0 selects a free port. Default http://127.0.0.1:8080 with an access key, http://127.0.0.1:0 without"),
        new(Data, "FILE", "data file. Default acm-server.db in the current folder"),
        new("in-memory", null, "keep all data in memory; it is lost when the server stops"),
        new("access-key", "KEY", "access key that requests must be signed with"),
        new("secret-key-file", "FILE", "file with the secret key; should have mode 600"),
        new("secret-key", "SECRET", "secret key. Visible to other users; prefer --secret-key-file or --secrets-from-stdin"),
        new("secrets-from-stdin", null, "read secret-key=SECRET and the users' NAME=PASSWORD from standard input, up to a blank line"),
        new("allow-unsigned-polls", null, "accept unsigned long polls, as sent by the Python client. Anyone who knows the access key ID can then guess short contents"),
        new("allow-anonymous", null, "allow addresses other than loopback without keys or users"),
        new("allowed-host", "NAME[,...]", "host names to accept over loopback, e.g. from a reverse proxy on this machine. Default localhost and those of --advertise"),
        new("certificate", "FILE", "TLS certificate, .pem or .pfx, for https addresses"),
        new("certificate-key", "FILE", "private key of a .pem certificate, if it is in a separate file"),
        new("certificate-password-file", "FILE", "file with the password of the certificate or its key"),
        new("advertise", "HOST:PORT[,...]", "addresses in the server list. Default the host of the request"),
        new("unit", "NAME[,...]", "names of units. Default any name, with center in the unit list"),
        new("max-content-bytes", "N", "maximum size of a content. Default 102400 for ACM, 10485760 for Nacos"),
        new("max-connections", "N", "maximum number of open connections. Default three quarters of the process's open file limit, up to 20000"),
        new("idle-seconds", "N", "seconds after which an idle connection is closed; a long poll is not idle. Default 75"),
        new("max-connections-per-ip", "N", "maximum number of long polls and gRPC connections per client address. Default no limit"),
        new("max-reads-per-second", "N", "maximum reads of a configuration per second and client address. Default no limit"),
        new("max-changes-per-second", "N", "maximum changes of a configuration per second and client address. Default no limit"),
        new("user", "NAME=RIGHT[@NAMESPACE][,...]", "users of the Nacos API; RIGHT is admin, readwrite or read"),
        new("password-file", "FILE", "file with NAME=password lines for the users; reloaded when it changes"),
        new("token-seconds", "N", "lifetime of a login token in seconds. Default 18000"),
        new("anonymous-client", null, "allow clients to read, publish and listen without a login even if there are users"),
        new("nacos-generation", "1|2|3|3.2|none", "Nacos version to emulate: 1.4, 2.5, 3.0 or 3.2; none for ACM only. Default 3"),
        new("grpc-port", "N|none", "gRPC port of Nacos 2 and later; 0 selects a free port. Default the HTTP port plus 1000"),
        new("nacos-context-path", "PATH", "context path of the Nacos API. Default /nacos"),
        new("trusted-proxy", "ADDRESS[,...]", "proxies whose X-Forwarded-For header is trusted. Default 127.0.0.1,::1"),
        new("backup", "FILE", "copy the data file to FILE and exit; works while a server uses the data file"),
        new("history-days", "N", "days to keep changes; 0 for no limit. Default 30"),
        new("history-revisions", "N", "number of changes to keep per configuration; 0 for no limit. Default 100"),
        new("stop-on-stdin-close", null, "stop when standard input is closed, and leave Ctrl+C to the parent process"),
        new("detached", null, "keep running when the terminal is closed or Ctrl+C is pressed; stop with SIGTERM"),
        new("latency-ms", "N", "delay of each response, for tests and benchmarks"),
        new("settings", "FILE", "settings file (JSON with a member AcmServer)"),
        new("help", null, "show this help"),
        new("version", null, "show the version"),
    ];

    /// <summary>Returns an option by its name, in which dashes, underscores and case are ignored.</summary>
    public static OptionEntry? Find(string name)
    {
        string plain = Plain(name);
        return All.FirstOrDefault(option => Plain(option.Name).Equals(plain, StringComparison.OrdinalIgnoreCase));
    }

    private static string Plain(string name) => name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
}
