namespace Acm.Client;

/// <summary>A client that listens to a configuration, as the server tells it.</summary>
public sealed class ConfigListener
{
    /// <summary>The data id.</summary>
    public required string DataId { get; init; }

    /// <summary>The group.</summary>
    public required string Group { get; init; }

    /// <summary>The namespace; empty for the blank one.</summary>
    public required string Namespace { get; init; }

    /// <summary>IP address of the client.</summary>
    public required string Address { get; init; }

    /// <summary>What its application calls itself; empty where it does not.</summary>
    public string AppName { get; init; } = "";

    /// <summary>Since when it has been listening without a long pause; null where the server does not tell.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>MD5 of the value that it has, in lower-case hex; null where it has none, or the server does not know.</summary>
    public string? Md5 { get; init; }

    /// <summary>Whether it has the current value. One that has not was told of the change, and has not asked again since.</summary>
    public required bool IsCurrent { get; init; }

    /// <summary>Address, application and key.</summary>
    public override string ToString() => $"{Address}{(AppName.Length == 0 ? "" : $" ({AppName})")} {Group}/{DataId}";
}
