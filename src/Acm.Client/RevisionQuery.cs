using System.Globalization;

namespace Acm.Client;

/// <summary>Names a state in the history of a configuration. Immutable.</summary>
public sealed class RevisionQuery
{
    private RevisionQuery(RevisionQueryKind kind, string text)
    {
        Kind = kind;
        Text = text;
    }

    /// <summary>The state before the last change that changed anything.</summary>
    public static RevisionQuery Previous { get; } = new(RevisionQueryKind.Previous, "before its last change");

    /// <summary>What the last removal removed.</summary>
    public static RevisionQuery Deleted { get; } = new(RevisionQueryKind.Deleted, "before its last removal");

    internal RevisionQueryKind Kind { get; }

    internal long Version { get; private init; }

    internal DateTimeOffset Time { get; private init; }

    /// <summary>Names the state in a sentence.</summary>
    private string Text { get; }

    /// <summary>The state after a change.</summary>
    /// <param name="version">The number of the change, <see cref="ConfigRevision.Version"/>.</param>
    public static RevisionQuery After(long version) =>
        new(RevisionQueryKind.Version, $"after version {version.ToString(CultureInfo.InvariantCulture)}") { Version = version };

    /// <summary>The state at a moment, by the clock of the server.</summary>
    /// <param name="time">The moment.</param>
    public static RevisionQuery AsOf(DateTimeOffset time) =>
        new(RevisionQueryKind.Time, $"at {time.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture)}") { Time = time };

    /// <summary>The state as the end of a sentence, such as <c>after version 12</c>.</summary>
    public override string ToString() => Text;
}
