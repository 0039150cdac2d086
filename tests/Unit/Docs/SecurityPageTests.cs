using System.Text.RegularExpressions;

namespace Acm.Tests.Docs;

/// <summary>docs/security.md.</summary>
public sealed partial class SecurityPageTests
{
    [Fact]
    public void Each_test_that_it_names_is_there()
    {
        string page = File.ReadAllText(Path.Combine(DocsFolder.Root, "security.md"));
        HashSet<string> tests = [.. typeof(SecurityPageTests).Assembly.GetTypes().SelectMany(type => type.GetMethods()).Select(method => method.Name)];

        string[] named = [.. TestName().Matches(page).Select(match => match.Groups[1].Value)];

        Assert.NotEmpty(named);
        Assert.Equal([], named.Where(name => !tests.Contains(name)));
    }

    // A test name has several words, joined by underscores.
    [GeneratedRegex("`([A-Z][A-Za-z0-9]*_[A-Za-z0-9_]*[a-z][A-Za-z0-9_]*)`")]
    private static partial Regex TestName();
}
