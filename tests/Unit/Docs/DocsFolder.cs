using Acm.Tests.Support;
using HelpBuilder.Pages;

namespace Acm.Tests.Docs;

/// <summary>The docs folder of the repository.</summary>
internal static class DocsFolder
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ModuleShell.Manifest)!, "..", "..", "docs"));

    public static IReadOnlyList<string> Topics { get; } = [.. Directory.GetFiles(Root, "about_*.md").Order(StringComparer.Ordinal)];

    public static IReadOnlyList<CommandPage> Pages { get; } = [.. Directory.GetFiles(Path.Combine(Root, "cmdlets"), "*.md").Order(StringComparer.Ordinal).Select(PageReader.Read)];

    public static CommandPage Page(string command) => Pages.First(page => page.Name == command);
}
