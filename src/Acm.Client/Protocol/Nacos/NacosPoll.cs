using System.Text;
using Acm.Client.Http;

namespace Acm.Client.Protocol.Nacos;

/// <summary>Reads the response to a listen request: the changed keys, percent-encoded as a whole, with a trailing line break.</summary>
internal static class NacosPoll
{
    private const char WordSeparator = '\u0002';
    private const char LineSeparator = '\u0001';

    public static IReadOnlyList<ConfigKey> Read(WireResponse response, string @namespace)
    {
        if (response.Status != 200 || (response.Body.Length > 0 && response.Body[0] == '<')) throw NacosErrors.For(response, @namespace, "Watching", key: null);

        var keys = new List<ConfigKey>();
        string text = Uri.UnescapeDataString(Encoding.UTF8.GetString(response.Body).Trim().Replace('+', ' '));
        foreach (string entry in text.Split([LineSeparator], StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = entry.Split(WordSeparator);
            if (words.Length is 2 or 3 && NamespaceName.Normalize(words.Length == 3 ? words[2] : "") == @namespace) keys.Add(new ConfigKey(words[0], words[1]));
        }

        return keys;
    }
}
