namespace Acm.Client.Protocol;

/// <summary>The errors that an answer to a question about one key can mean, whichever dialect it came in.</summary>
internal static class ConfigErrors
{
    /// <summary>The error of a key that a server does not have.</summary>
    /// <param name="namespace">Where.</param>
    /// <param name="key">Which.</param>
    /// <param name="evidence">What shows it. The error is final where watchers may be told of a removal.</param>
    public static AcmException NotFound(string @namespace, ConfigKey key, AbsenceEvidence evidence) =>
        new(AcmErrorKind.ConfigNotFound, $"Configuration '{key.DataId}' was not found in group '{key.Group}' of {NamespaceName.Describe(@namespace)}.") { Key = key, IsFinal = evidence.Allows(AbsenceUse.TellRemoval) };

    /// <summary>The error of a write whose condition does not hold.</summary>
    public static AcmException ConditionFailed(PublishCondition condition, string @namespace, ConfigKey key, bool exists) =>
        condition.Kind == PublishConditionKind.Absent
            ? new AcmException(AcmErrorKind.ConfigExists, $"'{key}' already exists in {NamespaceName.Describe(@namespace)} and was not changed.") { Key = key, IsFinal = true }
            : !exists
            ? new AcmException(AcmErrorKind.Conflict, $"'{key}' does not exist in {NamespaceName.Describe(@namespace)}, so it cannot have the expected MD5 {condition.Md5}; nothing was published.") { Key = key, IsFinal = true, Advice = "Publish it without a condition, or with the condition that it does not exist." }
            : new AcmException(AcmErrorKind.Conflict, $"'{key}' in {NamespaceName.Describe(@namespace)} no longer has the expected MD5 {condition.Md5} and was not changed.") { Key = key, IsFinal = true, Advice = "Read it again, and publish with its current MD5." };

    /// <summary>The error of an operation that a dialect does not have.</summary>
    /// <param name="protocol">The dialect.</param>
    /// <param name="operation">What it can't do, as the rest of a sentence that begins with "can't".</param>
    /// <param name="instead">What can.</param>
    public static AcmException Missing(string protocol, string operation, string instead) =>
        new(AcmErrorKind.CapabilityMissing, $"{protocol} servers cannot {operation}.") { Advice = instead, IsFinal = true };
}
