using System.Management.Automation;

namespace AcmShell.Commands;

/// <summary>Chooses subscriptions by name or number, for the two commands that do.</summary>
internal abstract class EventSubscriberCommand : PSCmdlet
{
    /// <summary>The chosen subscriptions; where a plain name or a number fits none, an error is written.</summary>
    protected List<PSEventSubscriber> Find(string? sourceIdentifier, int subscriptionId, bool withSupport)
    {
        WildcardPattern? wanted = sourceIdentifier is null ? null : WildcardPattern.Get(sourceIdentifier, WildcardOptions.IgnoreCase);
        List<PSEventSubscriber> found = [.. Events.Subscribers.Where(s =>
            (wanted is null || wanted.IsMatch(s.SourceIdentifier))
            && (subscriptionId < 0 || s.SubscriptionId == subscriptionId)
            && (withSupport || !s.SupportEvent))];

        bool isExact = subscriptionId >= 0 || (sourceIdentifier is not null && !WildcardPattern.ContainsWildcardCharacters(sourceIdentifier));
        if (found.Count == 0 && isExact)
        {
            string name = subscriptionId >= 0 ? $"identifier '{subscriptionId}'" : $"source identifier '{sourceIdentifier}'";
            WriteError(new ErrorRecord(
                new ArgumentException($"Event subscription with {name} does not exist."),
                subscriptionId >= 0 ? "INVALID_SUBSCRIPTION_IDENTIFIER" : "INVALID_SOURCE_IDENTIFIER",
                ErrorCategory.InvalidArgument,
                targetObject: null));
        }

        return found;
    }
}
