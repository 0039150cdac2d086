namespace Acm.Server.Options;

/// <summary>The mode of files that only their owner may use.</summary>
internal static class OwnerOnlyMode
{
    public const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The permissions of other users, which such a file does not grant.</summary>
    public const UnixFileMode OfOthers =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Returns a mode in the octal notation of <c>chmod</c>.</summary>
    public static string Text(UnixFileMode mode) => Convert.ToString((int)mode, 8).PadLeft(3, '0');
}
