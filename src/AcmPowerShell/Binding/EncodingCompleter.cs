namespace AcmPowerShell;

/// <summary>Completes the names of common encodings. Other names are also accepted.</summary>
public sealed class EncodingCompleter : Completer
{
    private static readonly (string Name, string Tip)[] Encodings =
    [
        ("utf8", "UTF-8"),
        ("gbk", "Chinese, simplified (code page 936)"),
        ("gb18030", "Chinese, all characters"),
        ("big5", "Chinese, traditional (code page 950)"),
        ("shift_jis", "Japanese (code page 932)"),
        ("euc-kr", "Korean"),
        ("unicode", "UTF-16, little-endian"),
        ("bigendianunicode", "UTF-16, big-endian"),
        ("utf32", "UTF-32, little-endian"),
        ("ascii", "7-bit ASCII"),
        ("iso-8859-1", "Western European, Latin 1"),
        ("windows-1252", "Western European, Windows"),
    ];

    private protected override IEnumerable<(string Text, string Tip)> Find(CompletionRequest request) => Encodings;
}
