using System.Management.Automation;

namespace AcmPowerShell;

/// <summary>The parameters of Register-AcmWatcher except the keys, named as those of Register-ObjectEvent.</summary>
internal sealed record WatcherRequest(
    string SourceIdentifier, ScriptBlock? Action, PSObject? MessageData, bool SupportEvent, bool Forward, int MaxTriggerCount, bool NoInitial, WatchTransport Transport, PatternFollowing Following);
