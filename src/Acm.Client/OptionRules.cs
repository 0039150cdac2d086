using Acm.Client.Text;

namespace Acm.Client;

/// <summary>Validates options; messages name the option, its value and its range.</summary>
internal static class OptionRules
{
    private const int MaxAppNameLength = 128;

    /// <summary>Limit of the data key, which is sent in a header; servers do not read larger headers.</summary>
    private const int MaxDataKeyLength = 4096;

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestTry = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestCall = TimeSpan.FromHours(1);
    private static readonly TimeSpan ShortestPoll = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromMinutes(10);

    public static void Check(AcmClientOptions options)
    {
        Range(options.TryTimeout, Shortest, LongestTry, nameof(options.TryTimeout));
        if (options.TotalTimeout is { } total) Range(total, Shortest, LongestCall, nameof(options.TotalTimeout));
        Range(options.LongPollTimeout, ShortestPoll, LongestPoll, nameof(options.LongPollTimeout));
        Range(options.LongPollBatchSize, 1, 10_000, nameof(options.LongPollBatchSize));
        if (options.GrpcPort is { } port) Range(port, 1, 65_535, nameof(options.GrpcPort));
        Range(options.CallbackConcurrency, 1, 1_000, nameof(options.CallbackConcurrency));
        if (options is { Credential: not null, CredentialSource: not null }) throw new ArgumentException($"{nameof(options.Credential)} and {nameof(options.CredentialSource)} cannot be combined: specify one of them.", nameof(options));
        if (options.ServerType is not (AcmServerType.Auto or AcmServerType.Acm or AcmServerType.Nacos)) throw new ArgumentException($"{nameof(options.ServerType)} is {options.ServerType}; it must be Auto, Acm or Nacos.", nameof(options));
        if (options.AppName.Length > MaxAppNameLength) throw new ArgumentException($"{nameof(options.AppName)} has {options.AppName.Length} characters; at most {MaxAppNameLength} are allowed.", nameof(options));
        if (options.AppName.Any(c => c is < ' ' or > '~')) throw new ArgumentException($"{nameof(options.AppName)} '{options.AppName}' contains a character that is not printable ASCII.", nameof(options));
    }

    public static void Check(AcmCallOptions? call)
    {
        if (call?.TryTimeout is { } limit) Range(limit, Shortest, LongestTry, nameof(call.TryTimeout));
    }

    /// <summary>Validates a tag. Servers treat a tag with a comma as alternatives, and lists contain no tags to filter by.</summary>
    public static void CheckTag(string tag)
    {
        if (tag.Trim().Length == 0 || tag.Contains(',')) throw new ArgumentException($"'{ForeignText.Clean(tag)}' is not a valid tag to filter by: a tag must not be blank or contain a comma. Specify each tag separately.");
    }

    public static void Check(ConfigFilter filter)
    {
        foreach (string tag in filter.Tags) CheckTag(tag);
    }

    public static void Check(PublishOptions? options)
    {
        if (options?.EncryptedDataKey is not { } key) return;

        if (!options.IsRaw) throw new ArgumentException($"{nameof(options.EncryptedDataKey)} belongs to cipher text: it needs {nameof(options.IsRaw)}.", nameof(options));
        if (key.Length is 0 or > MaxDataKeyLength || key.Any(c => c is <= ' ' or > '~')) throw new ArgumentException($"{nameof(options.EncryptedDataKey)} is not a valid data key: up to {MaxDataKeyLength} characters of printable ASCII without blanks are expected.", nameof(options));
    }

    public static void Range<T>(T value, T least, T most, string name)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0) throw new ArgumentException($"{name} is {value}; it must be from {least} to {most}.", name);
    }
}
