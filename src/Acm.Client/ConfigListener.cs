namespace Acm.Client;

/// <summary>A client that listens to a configuration, as the server reports it.</summary>
public sealed class ConfigListener
{
    /// <summary>Gets the data ID.</summary>
    public required string DataId { get; init; }

    /// <summary>Gets the group.</summary>
    public required string Group { get; init; }

    /// <summary>Gets the namespace ID; empty for the default namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Gets the IP address of the client.</summary>
    public required string Address { get; init; }

    /// <summary>Gets the client's application name; empty if it sends none.</summary>
    public string AppName { get; init; } = "";

    /// <summary>Gets when the client started to listen without a long pause; null if the server does not report it.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Gets the MD5 of the client's value in lower-case hexadecimal; null if it has none or the server does not report it.</summary>
    public string? Md5 { get; init; }

    /// <summary>Gets whether the client has the current value. If not, it was notified of the change and has not asked again since.</summary>
    public required bool IsCurrent { get; init; }

    /// <summary>Returns address, application and key.</summary>
    public override string ToString() => $"{Address}{(AppName.Length == 0 ? "" : $" ({AppName})")} {Group}/{DataId}";
}
