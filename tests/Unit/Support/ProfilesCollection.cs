namespace Acm.Tests.Support;

/// <summary>The collection of tests that change or read the profile file of this process. Others run beside them, because they use no profile.</summary>
[CollectionDefinition(Name)]
public sealed class ProfilesCollection
{
    /// <summary>The collection's name.</summary>
    public const string Name = "profiles";
}
