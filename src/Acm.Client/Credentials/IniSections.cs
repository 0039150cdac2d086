namespace Acm.Client.Credentials;

/// <summary>Parses INI files like Alibaba Cloud's SDKs: <c>key = value</c>; <c>#</c> begins a comment, even inside a value.</summary>
internal static class IniSections
{
    public static Dictionary<string, Dictionary<string, string>> Parse(string text)
    {
        var sections = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        Dictionary<string, string>? section = null;
        foreach (string raw in text.Split('\n'))
        {
            int comment = raw.IndexOf('#');
            string line = (comment < 0 ? raw : raw.Substring(0, comment)).Trim();
            if (line.Length == 0 || line[0] == ';') continue;

            if (line[0] == '[' && line[line.Length - 1] == ']')
            {
                string name = line.Substring(1, line.Length - 2).Trim();
                if (!sections.TryGetValue(name, out section)) sections.Add(name, section = new Dictionary<string, string>(StringComparer.Ordinal));
                continue;
            }

            int equals = line.IndexOf('=');
            if (equals > 0 && section is not null) section[line.Substring(0, equals).Trim()] = line.Substring(equals + 1).Trim();
        }

        return sections;
    }
}
