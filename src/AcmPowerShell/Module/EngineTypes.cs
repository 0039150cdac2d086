using System.Runtime.CompilerServices;
using Acm.Client;
using Acm.Client.Local;
using Acm.Client.Transfer;

// The types of the engine that commands return or throw, so that scripts can use them as [Name]. The engine is loaded in a separate context, where PowerShell does not
// look for types; it finds these forwards instead. The engine is not loaded before a script uses a type.
[assembly: TypeForwardedTo(typeof(AcmConfig))]
[assembly: TypeForwardedTo(typeof(AcmErrorKind))]
[assembly: TypeForwardedTo(typeof(AcmException))]
[assembly: TypeForwardedTo(typeof(CheckStatus))]
[assembly: TypeForwardedTo(typeof(ConfigChangeKind))]
[assembly: TypeForwardedTo(typeof(ConfigItem))]
[assembly: TypeForwardedTo(typeof(ConfigKey))]
[assembly: TypeForwardedTo(typeof(ConfigListener))]
[assembly: TypeForwardedTo(typeof(ConfigNamespace))]
[assembly: TypeForwardedTo(typeof(ConfigSource))]
[assembly: TypeForwardedTo(typeof(ConnectionCheck))]
[assembly: TypeForwardedTo(typeof(DifferenceState))]
[assembly: TypeForwardedTo(typeof(ExportState))]
[assembly: TypeForwardedTo(typeof(ExportSummary))]
[assembly: TypeForwardedTo(typeof(ExportedItem))]
[assembly: TypeForwardedTo(typeof(RevisionKind))]
[assembly: TypeForwardedTo(typeof(SnapshotInfo))]
[assembly: TypeForwardedTo(typeof(SnapshotState))]
[assembly: TypeForwardedTo(typeof(TransferItem))]
[assembly: TypeForwardedTo(typeof(TransferOutcome))]
[assembly: TypeForwardedTo(typeof(TransferSummary))]
[assembly: TypeForwardedTo(typeof(WatchState))]
