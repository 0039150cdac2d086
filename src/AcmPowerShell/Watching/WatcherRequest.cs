using System.Management.Automation;

namespace AcmPowerShell;

/// <summary>What Register-AcmWatcher was asked for, besides the keys. The names are those of Register-ObjectEvent.</summary>
internal sealed record WatcherRequest(
    string SourceIdentifier, ScriptBlock? Action, PSObject? MessageData, bool SupportEvent, bool Forward, int MaxTriggerCount, bool NoInitial, WatchTransport Transport, PatternFollowing Following);
