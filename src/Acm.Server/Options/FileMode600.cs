namespace Acm.Server.Options;

/// <summary>The mode of files that are for their owner only.</summary>
internal static class FileMode600
{
    public const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>What such a file grants nobody.</summary>
    public const UnixFileMode OfOthers =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>As <c>chmod</c> takes it.</summary>
    public static string Text(UnixFileMode mode) => Convert.ToString((int)mode, 8).PadLeft(3, '0');
}
