using System.Management.Automation.Host;

namespace AcmPowerShell;

/// <summary>A difference between two sides, as Compare-AcmConfig returns it.</summary>
public sealed class AcmConfigDifference
{
    internal AcmConfigDifference(string dataId, string group, AcmDifferenceState state, string? diff, string? redactedDiff, string source, string target, bool isEncrypted)
    {
        DataId = dataId;
        Group = group;
        State = state;
        Diff = diff;
        RedactedDiff = isEncrypted ? null : redactedDiff;
        Source = source;
        Target = target;
        IsEncrypted = isEncrypted;
        (AddedLines, RemovedLines) = DiffView.Count(diff);
    }

    /// <summary>Gets the data ID.</summary>
    public string DataId { get; }

    /// <summary>Gets the group.</summary>
    public string Group { get; }

    /// <summary>Gets the change that would make the second side equal to the first.</summary>
    public AcmDifferenceState State { get; }

    /// <summary>Gets the number of lines that only the first side has.</summary>
    public int AddedLines { get; }

    /// <summary>Gets the number of lines that only the second side has.</summary>
    public int RemovedLines { get; }

    /// <summary>Gets the number of added and removed lines, such as <c>+3 -1</c>. Empty if no line differs.</summary>
    public string Lines => AddedLines + RemovedLines == 0 ? "" : $"+{AddedLines} -{RemovedLines}";

    /// <summary>Gets the name of the first side.</summary>
    public string Source { get; }

    /// <summary>Gets the name of the second side.</summary>
    public string Target { get; }

    /// <summary>Gets whether the configuration is encrypted, so that <see cref="Diff"/> contains secrets.</summary>
    public bool IsEncrypted { get; }

    /// <summary>Gets the unified diff from the second side to the first. Empty if they are equal, null if one could not be read.</summary>
    public string? Diff { get; }

    /// <summary>Gets the diff with <c>***</c> in place of secret values. Null for encrypted configurations.</summary>
    public string? RedactedDiff { get; }

    /// <summary>Returns the diff for display: redacted, with visible control characters, and colored if the host supports it.</summary>
    /// <param name="host">The host, or null for no colors.</param>
    public string ShowDiff(PSHost? host) =>
        IsEncrypted ? "(encrypted: see the Diff property)" : Diff is null ? "(could not be read)" : DiffView.Render(RedactedDiff!, DiffView.WantsColor(host));

    /// <summary>Returns the state for display, colored if the host supports it.</summary>
    /// <param name="host">The host, or null for no colors.</param>
    public string ShowState(PSHost? host) => DiffView.Paint(State, DiffView.WantsColor(host));

    /// <summary>Returns the key, as <c>group/dataId</c>.</summary>
    public override string ToString() => Group + "/" + DataId;
}
