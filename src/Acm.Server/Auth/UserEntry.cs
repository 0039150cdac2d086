using Acm.Server.Options;

namespace Acm.Server.Auth;

/// <summary>A user and what he may do.</summary>
/// <param name="Name">Case-sensitive.</param>
/// <param name="Right">What he may do.</param>
/// <param name="Namespace">Where he may do it; blank for the public namespace, null for everywhere.</param>
internal sealed record UserEntry(string Name, AccessRight Right, string? Namespace)
{
    /// <summary>Reads <c>NAME=right</c> or <c>NAME=right@namespace</c>.</summary>
    /// <exception cref="OptionsException">It is not of this form.</exception>
    public static UserEntry Parse(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0) throw new OptionsException($"--user: '{text}' is not NAME=right or NAME=right@namespace.");

        string name = text[..equals];
        string[] parts = text[(equals + 1)..].Split('@', 2);
        AccessRight right = parts[0] switch
        {
            "admin" => AccessRight.Admin,
            "readwrite" => AccessRight.ReadWrite,
            "read" => AccessRight.Read,
            _ => throw new OptionsException($"--user {name}: '{parts[0]}' is not admin, readwrite or read."),
        };
        if (parts.Length == 1) return new UserEntry(name, right, Namespace: null);
        if (right == AccessRight.Admin) throw new OptionsException($"--user {name}: An admin is one everywhere; specify readwrite@{parts[1]} instead.");

        return new UserEntry(name, right, parts[1] is "public" ? "" : parts[1]);
    }

    /// <summary>Whether the user may read (or change) configurations of a namespace.</summary>
    public bool Allows(bool isWrite, string tenant) =>
        Right == AccessRight.Admin || ((Namespace is null || Namespace == tenant) && (!isWrite || Right == AccessRight.ReadWrite));
}
