using System.Globalization;

namespace Acm.Client;

/// <summary>Identifies a state in the history of a configuration. Immutable.</summary>
public sealed class RevisionQuery
{
    private RevisionQuery(RevisionQueryKind kind, string text)
    {
        Kind = kind;
        Text = text;
    }

    /// <summary>Gets the query for the state before the last change that had an effect.</summary>
    public static RevisionQuery Previous { get; } = new(RevisionQueryKind.Previous, "before its last change");

    /// <summary>Gets the query for the state before the last removal.</summary>
    public static RevisionQuery Deleted { get; } = new(RevisionQueryKind.Deleted, "before its last removal");

    internal RevisionQueryKind Kind { get; }

    internal long Version { get; private init; }

    internal DateTimeOffset Time { get; private init; }

    /// <summary>Gets the state as messages name it.</summary>
    private string Text { get; }

    /// <summary>Returns the query for the state after a change.</summary>
    /// <param name="version">The version number (<see cref="ConfigRevision.Version"/>).</param>
    public static RevisionQuery After(long version) =>
        new(RevisionQueryKind.Version, $"after version {version.ToString(CultureInfo.InvariantCulture)}") { Version = version };

    /// <summary>Returns the query for the state at a point in time, by the server's clock.</summary>
    /// <param name="time">The point in time.</param>
    public static RevisionQuery AsOf(DateTimeOffset time) =>
        new(RevisionQueryKind.Time, $"at {time.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture)}") { Time = time };

    /// <summary>Returns the state as the end of a sentence, such as <c>after version 12</c>.</summary>
    public override string ToString() => Text;
}

/// <summary>The ways to identify a state in a history.</summary>
internal enum RevisionQueryKind
{
    Version,
    Time,
    Previous,
    Deleted,
}
