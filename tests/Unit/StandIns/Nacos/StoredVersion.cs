namespace Acm.Tests.StandIns.Nacos;

/// <summary>One value that a configuration had.</summary>
/// <param name="Number">The number of the change in the cluster.</param>
/// <param name="Content">The content; null if it does not exist.</param>
/// <param name="By">The writer.</param>
internal sealed record StoredVersion(int Number, string? Content, string By)
{
    public string Md5 { get; } = Content is null ? "" : Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(System.Text.Encoding.UTF8.GetBytes(Content)));

    /// <summary>Each change a minute after the one before.</summary>
    public DateTimeOffset Modified { get; } = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(Number);
}
