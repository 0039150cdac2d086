namespace Acm.Server.Storage;

/// <summary>Who gets a gray version of a configuration in place of the formal one.</summary>
/// <param name="Name">What tells the gray versions of one key apart: <c>beta</c> or <c>tag_NAME</c>.</param>
/// <param name="Expression">For <c>beta</c> a list of client addresses, for a tag the tag; as given.</param>
internal sealed record GrayRule(string Name, string Expression)
{
    public const string BetaName = "beta";
    private const string TagPrefix = "tag_";

    public bool IsBeta => Name == BetaName;

    public static GrayRule Beta(string addresses) => new(BetaName, addresses);

    public static GrayRule Tag(string tag) => new(TagPrefix + tag, tag);

    /// <summary>The name under which the version of a tag is stored.</summary>
    public static string NameOfTag(string tag) => TagPrefix + tag;

    /// <summary>Whether a client is meant by its address.</summary>
    public bool HasAddress(string address)
    {
        foreach (Range part in Expression.AsSpan().Split(','))
        {
            if (Expression.AsSpan(part).Trim().SequenceEqual(address)) return true;
        }

        return false;
    }
}
