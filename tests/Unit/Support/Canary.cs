namespace Acm.Tests.Support;

/// <summary>
/// Secrets that must not appear in any output. Every log of the engine, every stream of a runspace and all output of child processes are checked with
/// <see cref="AssertAbsent"/> in all tests.
/// </summary>
internal static class Canary
{
    /// <summary>A part of every secret that is made to be looked for.</summary>
    public const string Mark = "canary";

    /// <summary>Secrets of tests that need a certain one, such as those of known answers.</summary>
    private static readonly string[] Others = ["sk-test-secret-0001", "sts-secret"];

    /// <summary>A secret of a test's own.</summary>
    public static string Secret(string name) => Mark + "-" + name;

    /// <summary>Fails the test where a text holds a secret.</summary>
    public static void AssertAbsent(string text, string where)
    {
        foreach (string secret in (string[])[Mark, .. Others])
        {
            int at = text.IndexOf(secret, StringComparison.Ordinal);
            if (at < 0) continue;

            string around = text[Math.Max(0, at - 120)..Math.Min(text.Length, at + 80)];
            Assert.Fail($"A secret is seen in {where}: …{around}…");
        }
    }
}
