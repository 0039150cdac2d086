using System.Runtime.CompilerServices;
using Acm.Client;
using Acm.Client.Local;
using Acm.Client.Transfer;

// What scripts can name of the engine: all that commands write and throw. Its assembly is loaded in a context of its own, where PowerShell does not look for the
// types of [Name]; it looks in this one, which sends it on. Nothing is loaded before a script names a type.
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
