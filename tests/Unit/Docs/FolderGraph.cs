using System.Text.RegularExpressions;

namespace Acm.Tests.Docs;

/// <summary>The dependencies between the folders of a project, computed from the namespaces and types that its sources use.</summary>
internal sealed partial class FolderGraph
{
    private readonly List<(string Folder, string Namespace, string Code)> _files;

    private FolderGraph(string root)
    {
        _files = [.. Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(path => (Path: path, Folder: Path.GetRelativePath(root, Path.GetDirectoryName(path)!).Replace('\\', '/')))
            .Where(file => file.Folder is not ("bin" or "obj") && !file.Folder.StartsWith("bin/", StringComparison.Ordinal) && !file.Folder.StartsWith("obj/", StringComparison.Ordinal))
            .Select(file => (file.Folder, Code: Comments().Replace(File.ReadAllText(file.Path), "")))
            .Select(file => (file.Folder, Namespace().Match(file.Code).Groups[1].Value, file.Code))];
        Folders = [.. _files.Select(file => file.Folder).Distinct().Order(StringComparer.Ordinal)];
        Arrows = FindArrows();
    }

    /// <summary>Gets the folders; <c>.</c> is the root of the project.</summary>
    public IReadOnlyList<string> Folders { get; }

    /// <summary>Gets the folders that each folder uses.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Arrows { get; }

    public static FolderGraph Of(string root) => new(root);

    /// <summary>Returns the folders that depend on each other, directly or indirectly; empty if there are none.</summary>
    public IReadOnlyList<string> Circle() => [.. Folders.Where(folder => Reach(folder).Contains(folder))];

    private HashSet<string> Reach(string folder)
    {
        var reached = new HashSet<string>();
        var left = new Stack<string>(Arrows[folder]);
        while (left.TryPop(out string? next))
        {
            if (!reached.Add(next)) continue;

            foreach (string further in Arrows[next]) left.Push(further);
        }

        return reached;
    }

    private Dictionary<string, IReadOnlyList<string>> FindArrows()
    {
        Dictionary<string, (string Folder, string Namespace)> types = [];
        foreach ((string folder, string @namespace, string code) in _files)
        {
            foreach (Match type in Types().Matches(code)) types[type.Groups[1].Value] = (folder, @namespace);
        }

        var arrows = Folders.ToDictionary(folder => folder, _ => new SortedSet<string>(StringComparer.Ordinal));
        foreach ((string folder, string @namespace, string code) in _files)
        {
            HashSet<string> usings = [.. Usings().Matches(code).Select(match => match.Groups[1].Value)];
            foreach (string word in Words().Matches(Strings().Replace(code, "")).Select(match => match.Value).Distinct())
            {
                if (!types.TryGetValue(word, out (string Folder, string Namespace) type) || type.Folder == folder) continue;
                if (usings.Contains(type.Namespace) || @namespace == type.Namespace || @namespace.StartsWith(type.Namespace + ".", StringComparison.Ordinal)) arrows[folder].Add(type.Folder);
            }

            // A file that only uses extension methods does not name a type.
            foreach ((string other, _, _) in _files.Where(file => file.Folder != folder && file.Folder != "." && usings.Contains(file.Namespace) && file.Namespace.EndsWith(file.Folder.Replace('/', '.'), StringComparison.Ordinal)))
            {
                arrows[folder].Add(other);
            }
        }

        return arrows.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<string>)[.. pair.Value]);
    }

    [GeneratedRegex(@"//.*|/\*[\s\S]*?\*/")]
    private static partial Regex Comments();

    [GeneratedRegex(@"""(\\.|[^""\\\n])*""")]
    private static partial Regex Strings();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^using ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Usings();

    [GeneratedRegex(@"^(?:public|internal) (?:\w+ )*?(?:class|record struct|record|struct|interface|enum) (\w+)", RegexOptions.Multiline)]
    private static partial Regex Types();

    [GeneratedRegex(@"\b[A-Z]\w+")]
    private static partial Regex Words();
}
