namespace Acm.Tests.StandIns.Nacos;

/// <summary>One value that a configuration had.</summary>
/// <param name="Number">Which change of the cluster it came with.</param>
/// <param name="Content">The content; null for none.</param>
/// <param name="By">Who wrote it.</param>
internal sealed record StoredVersion(int Number, string? Content, string By)
{
    public string Md5 { get; } = Content is null ? "" : Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(System.Text.Encoding.UTF8.GetBytes(Content)));

    /// <summary>Each change a minute after the one before.</summary>
    public DateTimeOffset Modified { get; } = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(Number);
}
