namespace Acm.Client.Watching.Feeds;

/// <summary>What a feed last heard.</summary>
/// <param name="Server">From which server, as <c>host:port</c>.</param>
/// <param name="At">When.</param>
internal sealed record FeedContact(string Server, DateTimeOffset At);
