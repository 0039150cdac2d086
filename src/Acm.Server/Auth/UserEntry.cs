using Acm.Server.Options;

namespace Acm.Server.Auth;

/// <summary>A user and the user's permission.</summary>
/// <param name="Name">The name; case-sensitive.</param>
/// <param name="Right">The permission.</param>
/// <param name="Namespace">The namespace of the permission; empty for the public namespace, null for all.</param>
internal sealed record UserEntry(string Name, AccessRight Right, string? Namespace)
{
    /// <summary>Parses <c>NAME=right</c> or <c>NAME=right@namespace</c>.</summary>
    /// <exception cref="OptionsException">The text is malformed.</exception>
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
        if (right == AccessRight.Admin) throw new OptionsException($"--user {name}: admin applies to all namespaces. Use readwrite@{parts[1]} instead.");

        return new UserEntry(name, right, parts[1] is "public" ? "" : parts[1]);
    }

    /// <summary>Returns whether the user may read, or change, configurations of a namespace.</summary>
    public bool Allows(bool isWrite, string tenant) =>
        Right == AccessRight.Admin || ((Namespace is null || Namespace == tenant) && (!isWrite || Right == AccessRight.ReadWrite));
}
