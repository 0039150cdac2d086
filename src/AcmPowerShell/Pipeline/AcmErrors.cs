using System.Management.Automation;
using Acm.Client;
using Acm.Client.Text;

namespace AcmPowerShell;

/// <summary>Turns the engine's errors into PowerShell's. Ids and categories are interface: scripts match them.</summary>
internal static class AcmErrors
{
    /// <summary>Whether an error of this kind leaves nothing to go on with; every other one concerns its item only.</summary>
    internal static bool EndsCommand(AcmErrorKind kind) => kind is AcmErrorKind.NotConnected or AcmErrorKind.InvalidProfile;

    internal static ErrorRecord Record(AcmException error, object? target)
    {
        var record = new ErrorRecord(error, "Acm" + error.Kind, Category(error.Kind), target ?? error.Key);
        string? advice = OptionAdvice.With(error.Advice ?? Advice(error.Kind), error.Option);
        if (advice is not null) record.ErrorDetails = new ErrorDetails(error.Message) { RecommendedAction = advice };
        return Cleaned(record);
    }

    /// <summary>The same record, shown with a message that is clean; its exception stays as it was thrown.</summary>
    internal static ErrorRecord Cleaned(ErrorRecord record)
    {
        string shown = record.ToString();
        string clean = ForeignText.CleanLines(shown);
        if (clean != shown) record.ErrorDetails = new ErrorDetails(clean) { RecommendedAction = record.ErrorDetails?.RecommendedAction ?? "" };

        // Some views show the target as well.
        string target = record.CategoryInfo.TargetName ?? "";
        string cleanTarget = ForeignText.Clean(target);
        if (cleanTarget != target) record.CategoryInfo.TargetName = cleanTarget;
        return record;
    }

    internal static ErrorRecord InvalidParameter(string message, string parameter, object? value = null, Exception? inner = null) =>
        new(new InvalidParameterException(ForeignText.CleanLines(message), parameter, inner), "AcmInvalidParameter", ErrorCategory.InvalidArgument, value);

    /// <summary>The message as it was written: an ArgumentException adds its parameter to it, in words of the runtime.</summary>
    internal static string WithoutParameter(Exception error)
    {
        if (error is not ArgumentException { ParamName.Length: > 0 } argument) return error.Message;

        string suffix = new ArgumentException("", argument.ParamName).Message;
        int end = error.Message.LastIndexOf(suffix.Trim(), StringComparison.Ordinal);
        return end > 0 ? error.Message[..end].TrimEnd() : error.Message;
    }

    /// <param name="advice">How to connect; null for the advice of every such error.</param>
    internal static AcmException NotConnected(string? advice = null) => new(
        AcmErrorKind.NotConnected,
        "This PowerShell session is not connected. Run Connect-Acm, or pass a session with -Session.")
    {
        Advice = advice,
    };

    internal static AcmException SessionEnded(Exception? inner = null) => new(
        AcmErrorKind.NotConnected, "This connection was closed by Disconnect-Acm or Remove-Module. Run Connect-Acm to connect again.", inner);

    // What to do in PowerShell, which the engine knows nothing of.
    private static string? Advice(AcmErrorKind kind) => kind switch
    {
        AcmErrorKind.ConfigNotFound => "Run Find-AcmConfig to list the configurations. Names, groups and namespaces are case-sensitive.",
        AcmErrorKind.ServerUnavailable or AcmErrorKind.Timeout or AcmErrorKind.InvalidResponse => "Run Test-AcmConnection to see which step of the connection fails.",
        AcmErrorKind.AccessDenied or AcmErrorKind.AuthenticationFailed => "Check the keys and the namespace of Connect-Acm. Run Test-AcmConnection to test the signature and the clock of this computer.",
        AcmErrorKind.UntrustedServer => "Use Connect-Acm -CaCertificatePath to trust a CA of your own, and -TlsServerName for another host name in the certificate.",
        AcmErrorKind.Conflict => "Run Get-AcmConfig to read the current value, with the Md5 for -IfMatch.",
        AcmErrorKind.ConfigExists => "Omit -NoClobber to overwrite it.",
        AcmErrorKind.InvalidProfile => "Run Add-AcmProfile to save the profile again.",
        AcmErrorKind.Throttled => "Lower -ThrottleLimit to send fewer requests at once.",
        AcmErrorKind.NotConnected => "Connect to a server with Connect-Acm. To try the module without one, run Start-AcmServer -InMemory | Connect-Acm.",
        _ => null,
    };

    private static ErrorCategory Category(AcmErrorKind kind) => kind switch
    {
        AcmErrorKind.ConfigNotFound => ErrorCategory.ObjectNotFound,
        AcmErrorKind.AccessDenied => ErrorCategory.PermissionDenied,
        AcmErrorKind.AuthenticationFailed => ErrorCategory.AuthenticationError,
        AcmErrorKind.ServerUnavailable => ErrorCategory.ConnectionError,
        AcmErrorKind.Timeout => ErrorCategory.OperationTimeout,
        AcmErrorKind.NotConnected => ErrorCategory.ConnectionError,
        AcmErrorKind.InvalidProfile => ErrorCategory.InvalidData,
        AcmErrorKind.InvalidResponse => ErrorCategory.ProtocolError,
        AcmErrorKind.StorageFailed => ErrorCategory.WriteError,
        AcmErrorKind.Conflict => ErrorCategory.ResourceBusy,
        AcmErrorKind.ConfigExists => ErrorCategory.ResourceExists,
        AcmErrorKind.InvalidKey => ErrorCategory.InvalidArgument,
        AcmErrorKind.InvalidContent => ErrorCategory.InvalidData,
        AcmErrorKind.ContentTooLarge => ErrorCategory.LimitsExceeded,
        AcmErrorKind.Throttled => ErrorCategory.LimitsExceeded,
        AcmErrorKind.CapabilityMissing => ErrorCategory.NotImplemented,
        AcmErrorKind.DecryptFailed => ErrorCategory.SecurityError,
        AcmErrorKind.UntrustedServer => ErrorCategory.SecurityError,
        AcmErrorKind.ServerStartFailed => ErrorCategory.OpenError,
        _ => ErrorCategory.NotSpecified,
    };
}
