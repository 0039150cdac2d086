namespace Acm.Server.Storage;

/// <summary>The rule that selects the clients of a gray version.</summary>
/// <param name="Name">The unique name among the gray versions of a key: <c>beta</c> or <c>tag_NAME</c>.</param>
/// <param name="Expression">The client addresses of <c>beta</c>, or the tag, as published.</param>
internal sealed record GrayRule(string Name, string Expression)
{
    public const string BetaName = "beta";
    private const string TagPrefix = "tag_";

    public bool IsBeta => Name == BetaName;

    public static GrayRule Beta(string addresses) => new(BetaName, addresses);

    public static GrayRule Tag(string tag) => new(TagPrefix + tag, tag);

    /// <summary>Returns the name of the version for a tag.</summary>
    public static string NameOfTag(string tag) => TagPrefix + tag;

    /// <summary>Returns whether the list of addresses contains an address.</summary>
    public bool HasAddress(string address)
    {
        foreach (Range part in Expression.AsSpan().Split(','))
        {
            if (Expression.AsSpan(part).Trim().SequenceEqual(address)) return true;
        }

        return false;
    }
}
