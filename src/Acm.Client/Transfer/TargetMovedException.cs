using System.Globalization;

namespace Acm.Client.Transfer;

/// <summary>Thrown if a value of the target changed after planning; it was not overwritten.</summary>
internal sealed class TargetMovedException(TransferItem item, string target, AcmConfig? now, AcmException conflict) : Exception(conflict.Message, conflict)
{
    /// <summary>Returns the error of the item.</summary>
    public AcmException ToError()
    {
        string key = $"'{item.Key}' in '{target}'";
        string what = now is null ? $"{key} was removed" : item.TargetMd5 is null ? $"{key} was created{Since(now)}" : $"{key} was changed{Since(now)}";
        string md5 = now is null ? "" : item.TargetMd5 is null ? $" Its MD5 is {now.Md5}." : $" Its MD5 was {item.TargetMd5} and is {now.Md5}.";
        return new AcmException(AcmErrorKind.Conflict, $"{what} after the plan was made, and was not changed.{md5}", conflict)
        {
            Key = item.Key,
            Advice = "Compare both sides again. To overwrite the newer value, run the command again.",
        };
    }

    private static string Since(AcmConfig config) =>
        config.LastModified is { } at ? string.Format(CultureInfo.InvariantCulture, " at {0:yyyy-MM-dd HH:mm:ss}Z", at.UtcDateTime) : "";
}
