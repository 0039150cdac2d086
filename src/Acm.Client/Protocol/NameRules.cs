using System.Text;
using Acm.Client.Text;

namespace Acm.Client.Protocol;

/// <summary>
/// Validates names by the rules of ACM and Nacos: ASCII letters, digits and <c>_ - . :</c>, optionally any Unicode
/// letter or digit; data IDs up to 256 bytes, groups and namespaces up to 128. Nothing is trimmed, so that each configuration has one name only.
/// </summary>
internal sealed class NameRules
{
    private const int MaxDataIdBytes = 256;
    private const int MaxGroupBytes = 128;
    private const int MaxNamespaceBytes = 128;
    private const int MaxShown = 80;

    private readonly bool _allowUnicode;

    public NameRules(bool allowUnicode)
    {
        _allowUnicode = allowUnicode;
    }

    public void Check(ConfigKey key)
    {
        Check(key.DataId, "data id", MaxDataIdBytes, key);
        Check(key.Group, "group", MaxGroupBytes, key);
    }

    /// <summary>Returns the namespace as it is sent.</summary>
    public string CheckNamespace(string @namespace)
    {
        if (NamespaceName.IsDefault(@namespace)) return "";
        Check(@namespace, "namespace", MaxNamespaceBytes, key: null);
        return @namespace;
    }

    /// <summary>Returns whether a text is a valid namespace ID.</summary>
    public bool IsNamespace(string text) => Problem(text, MaxNamespaceBytes) is null;

    private void Check(string name, string what, int maxBytes, ConfigKey? key)
    {
        if (Problem(name, maxBytes) is not { } problem) return;

        throw new AcmException(AcmErrorKind.InvalidKey, $"The {what} '{Shown(name)}' is not valid: {problem}.")
        {
            Key = key,
            Advice = _allowUnicode
                ? "Allowed are letters, digits and the characters _ - . : only."
                : "Allowed are the letters A to Z and a to z, digits and the characters _ - . : only. A connection option allows letters of other scripts, for servers that store them.",
            Option = _allowUnicode ? null : nameof(AcmClientOptions.AllowUnicodeName),
        };
    }

    private string? Problem(string name, int maxBytes)
    {
        if (name.Length == 0) return "it is empty";
        if (name is "." or "..") return "it stands for a folder";
        for (int i = 0; i < name.Length; i++)
        {
            if (!IsAllowed(name, i)) return $"{CharacterText.Describe(name, i)} at position {i + 1} is not allowed";
            if (char.IsHighSurrogate(name[i])) i++;
        }

        int bytes = Encoding.UTF8.GetByteCount(name);
        return bytes <= maxBytes ? null : $"it has {bytes} bytes, more than the allowed {maxBytes}";
    }

    private bool IsAllowed(string name, int index)
    {
        char c = name[index];
        if (c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_' or '-' or '.' or ':') return true;
        return _allowUnicode && c > 127 && (char.IsLetter(name, index) || char.IsDigit(name, index));
    }

    private static string Shown(string name) => ForeignText.Clean(name, MaxShown);
}
