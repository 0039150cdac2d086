using System.Management.Automation.Host;

namespace AcmPowerShell;

/// <summary>A configuration in which two sides differ, as Compare-AcmConfig writes it.</summary>
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

    /// <summary>The data id.</summary>
    public string DataId { get; }

    /// <summary>The group.</summary>
    public string Group { get; }

    /// <summary>What would have to happen to the second side.</summary>
    public AcmDifferenceState State { get; }

    /// <summary>Lines that only the first side has.</summary>
    public int AddedLines { get; }

    /// <summary>Lines that only the second side has.</summary>
    public int RemovedLines { get; }

    /// <summary>Both numbers of lines as a diff tells them, such as <c>+3 -1</c>; empty where no line differs.</summary>
    public string Lines => AddedLines + RemovedLines == 0 ? "" : $"+{AddedLines} -{RemovedLines}";

    /// <summary>The first side, as a person calls it.</summary>
    public string Source { get; }

    /// <summary>The second side, as a person calls it.</summary>
    public string Target { get; }

    /// <summary>Whether the servers hold it encrypted, so that <see cref="Diff"/> shows what is to be kept secret.</summary>
    public bool IsEncrypted { get; }

    /// <summary>What differs, from the second side to the first, in the unified format that <c>patch</c> reads; empty where nothing does, null where it could not be read.</summary>
    public string? Diff { get; }

    /// <summary>The same with <c>***</c> in place of secret values, for logs and screens; null for encrypted configurations.</summary>
    public string? RedactedDiff { get; }

    /// <summary>The diff as a person sees it: without secret values, coloured where the host has colours, with what is invisible made visible. For the views.</summary>
    /// <param name="host">The host that shows it; null for no colours.</param>
    public string ShowDiff(PSHost? host) =>
        IsEncrypted ? "(encrypted: see the property Diff)" : Diff is null ? "(could not be read)" : DiffView.Render(RedactedDiff!, DiffView.WantsColor(host));

    /// <summary>The state as a person sees it: coloured where the host has colours. For the views.</summary>
    /// <param name="host">The host that shows it; null for no colours.</param>
    public string ShowState(PSHost? host) => DiffView.Paint(State, DiffView.WantsColor(host));

    /// <summary>The key as people write it: <c>group/dataId</c>.</summary>
    public override string ToString() => Group + "/" + DataId;
}
