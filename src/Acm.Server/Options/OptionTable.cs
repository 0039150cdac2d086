namespace Acm.Server.Options;

/// <summary>Every option: its name, what it takes, what it does. The help text and the parsers have no other list.</summary>
internal static class OptionTable
{
    /// <summary>The option that names the data file.</summary>
    public const string Data = "data";

    public static IReadOnlyList<OptionEntry> All { get; } =
    [
        new("urls", "URL[;URL]", "addresses to listen on; port 0 takes a free one. Default http://127.0.0.1:8080 with an access key, http://127.0.0.1:0 without"),
        new(Data, "FILE", "the database file. Default acm-server.db in the current folder"),
        new("in-memory", null, "keep nothing on disk; all is lost when the server ends"),
        new("access-key", "KEY", "requests must be signed with this access key"),
        new("secret-key-file", "FILE", "file of mode 600 that holds the secret key"),
        new("secret-key", "SECRET", "the secret key; better --secret-key-file or --secrets-from-stdin, which other users cannot see"),
        new("secrets-from-stdin", null, "read secret-key=SECRET and NAME=PASSWORD of users from standard input, up to a blank line"),
        new("allow-unsigned-polls", null, "answer long polls without a signature, as the Python client sends them. Anyone who knows the access key ID can then guess short contents"),
        new("allow-anonymous", null, "listen on other addresses than loopback without keys"),
        new("allowed-host", "NAME[,...]", "host names of requests that come over loopback, as from a reverse proxy on this machine. Default localhost, and those of --advertise"),
        new("certificate", "FILE", "TLS certificate, .pem or .pfx, for https addresses"),
        new("certificate-key", "FILE", "private key of a .pem certificate, if in a file of its own"),
        new("certificate-password-file", "FILE", "file that holds the password of the certificate or its key"),
        new("advertise", "HOST:PORT[,...]", "what the address list answers with. Default the host of the request"),
        new("unit", "NAME[,...]", "names of units. Default any name is answered, and unit-list says center"),
        new("max-content-bytes", "N", "largest content. Default 102400 for ACM, 10485760 for Nacos"),
        new("max-connections", "N", "most connections that are open at once. Default three quarters of the files that the process may open, 20000 at most"),
        new("idle-seconds", "N", "close a connection that sends nothing for so long; a long poll is not idle. Default 75"),
        new("max-connections-per-ip", "N", "most long polls and gRPC connections at once for one client address. Default no limit"),
        new("max-reads-per-second", "N", "most reads of one configuration for one client address. Default no limit"),
        new("max-changes-per-second", "N", "most changes of one configuration for one client address. Default no limit"),
        new("user", "NAME=RIGHT[@NAMESPACE][,...]", "users of the Nacos calls; RIGHT is admin, readwrite or read"),
        new("password-file", "FILE", "file of NAME=password lines for the users; read again when it changes"),
        new("token-seconds", "N", "seconds for which a login is good. Default 18000"),
        new("anonymous-client", null, "with users: let clients read, publish and wait for changes without a login"),
        new("nacos-generation", "1|2|3|3.2|none", "which Nacos to answer as: 1.4, 2.5, 3.0, 3.2, or none for ACM alone. Default 3"),
        new("grpc-port", "N|none", "gRPC port of the Nacos generations from 2 on; 0 takes a free one. Default the HTTP port plus 1000"),
        new("nacos-context-path", "PATH", "path before all Nacos calls. Default /nacos"),
        new("trusted-proxy", "ADDRESS[,...]", "proxies whose X-Forwarded-For is believed. Default 127.0.0.1,::1"),
        new("backup", "FILE", "copy the data file to this one, also while a server runs on it, and end"),
        new("history-days", "N", "days for which changes are kept; 0 for no limit. Default 30"),
        new("history-revisions", "N", "changes that are kept of one configuration; 0 for no limit. Default 100"),
        new("stop-on-stdin-close", null, "end when standard input ends, and leave Ctrl+C to the parent process"),
        new("detached", null, "stay when the terminal is closed or Ctrl+C is pressed; SIGTERM ends the server"),
        new("latency-ms", "N", "wait this long before each answer, for tests and benchmarks"),
        new("settings", "FILE", "settings file (JSON, member AcmServer)"),
        new("help", null, "show this text"),
        new("version", null, "show the version"),
    ];

    /// <summary>Settings and environment spell the names without dashes.</summary>
    public static OptionEntry? Find(string name)
    {
        string plain = Plain(name);
        return All.FirstOrDefault(option => Plain(option.Name).Equals(plain, StringComparison.OrdinalIgnoreCase));
    }

    private static string Plain(string name) => name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
}
