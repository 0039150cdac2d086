using System.Management.Automation;
using Acm.Client;
using Acm.Client.Text;

namespace AcmPowerShell;

/// <summary>Converts errors of the engine to error records. Error IDs and categories are public: scripts depend on them.</summary>
internal static class AcmErrors
{
    /// <summary>Returns whether an error of this kind ends the command. Other errors affect only their item.</summary>
    internal static bool EndsCommand(AcmErrorKind kind) => kind is AcmErrorKind.NotConnected or AcmErrorKind.InvalidProfile;

    internal static ErrorRecord Record(AcmException error, object? target)
    {
        var record = new ErrorRecord(error, "Acm" + error.Kind, Category(error.Kind), target ?? error.Key);
        string? advice = OptionAdvice.With(error.Advice ?? Advice(error.Kind), error.Option);
        if (advice is not null) record.ErrorDetails = new ErrorDetails(error.Message) { RecommendedAction = advice };
        return Cleaned(record);
    }

    /// <summary>Removes control characters from the displayed message and target of a record. The exception is unchanged.</summary>
    internal static ErrorRecord Cleaned(ErrorRecord record)
    {
        string shown = record.ToString();
        string clean = ForeignText.CleanLines(shown);
        if (clean != shown) record.ErrorDetails = new ErrorDetails(clean) { RecommendedAction = record.ErrorDetails?.RecommendedAction ?? "" };

        string target = record.CategoryInfo.TargetName ?? "";
        string cleanTarget = ForeignText.Clean(target);
        if (cleanTarget != target) record.CategoryInfo.TargetName = cleanTarget;
        return record;
    }

    internal static ErrorRecord InvalidParameter(string message, string parameter, object? value = null, Exception? inner = null) =>
        new(new InvalidParameterException(ForeignText.CleanLines(message), parameter, inner), "AcmInvalidParameter", ErrorCategory.InvalidArgument, value);

    /// <summary>Returns the message without the suffix that <see cref="ArgumentException"/> adds for its parameter.</summary>
    internal static string WithoutParameter(Exception error)
    {
        if (error is not ArgumentException { ParamName.Length: > 0 } argument) return error.Message;

        string suffix = new ArgumentException("", argument.ParamName).Message;
        int end = error.Message.LastIndexOf(suffix.Trim(), StringComparison.Ordinal);
        return end > 0 ? error.Message[..end].TrimEnd() : error.Message;
    }

    /// <summary>Returns the error of a command that needs a connection.</summary>
    internal static AcmException NotConnected(string? advice = null) => new(
        AcmErrorKind.NotConnected,
        "This PowerShell session is not connected. Run Connect-Acm, or pass a connection with -Session.")
    {
        Advice = advice,
    };

    internal static AcmException SessionEnded(Exception? inner = null) => new(
        AcmErrorKind.NotConnected, "This connection was closed by Disconnect-Acm or Remove-Module. Run Connect-Acm to connect again.", inner);

    // The engine has no knowledge of commands and parameters.
    private static string? Advice(AcmErrorKind kind) => kind switch
    {
        AcmErrorKind.ConfigNotFound => "Run Find-AcmConfig to list the configurations. Names, groups and namespaces are case-sensitive.",
        AcmErrorKind.ServerUnavailable or AcmErrorKind.Timeout or AcmErrorKind.InvalidResponse => "Run Test-AcmConnection to see which step of the connection fails.",
        AcmErrorKind.AccessDenied or AcmErrorKind.AuthenticationFailed => "Check the keys and the namespace of Connect-Acm. Run Test-AcmConnection to test the signature and the clock of this computer.",
        AcmErrorKind.UntrustedServer => "Use Connect-Acm -CaCertificatePath to trust your own CA, and -TlsServerName if the certificate has another host name.",
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
