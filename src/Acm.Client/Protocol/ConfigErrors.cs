namespace Acm.Client.Protocol;

/// <summary>Creates errors that all dialects share.</summary>
internal static class ConfigErrors
{
    /// <summary>Returns the error for a configuration that a server does not have.</summary>
    /// <param name="namespace">The namespace.</param>
    /// <param name="key">The configuration.</param>
    /// <param name="evidence">The evidence. The error is final if watchers may be notified of a removal.</param>
    public static AcmException NotFound(string @namespace, ConfigKey key, AbsenceEvidence evidence) =>
        new(AcmErrorKind.ConfigNotFound, $"Configuration '{key.DataId}' was not found in group '{key.Group}' of {NamespaceName.Describe(@namespace)}.") { Key = key, IsFinal = evidence.Allows(AbsenceUse.TellRemoval) };

    /// <summary>Returns the error for a write whose precondition failed.</summary>
    public static AcmException ConditionFailed(PublishCondition condition, string @namespace, ConfigKey key, bool exists) =>
        condition.Kind == PublishConditionKind.Absent
            ? new AcmException(AcmErrorKind.ConfigExists, $"'{key}' already exists in {NamespaceName.Describe(@namespace)} and was not changed.") { Key = key, IsFinal = true }
            : !exists
            ? new AcmException(AcmErrorKind.Conflict, $"'{key}' does not exist in {NamespaceName.Describe(@namespace)}, but MD5 {condition.Md5} was expected. Nothing was published.") { Key = key, IsFinal = true, Advice = "Publish it without an expected MD5, or only if it does not exist." }
            : new AcmException(AcmErrorKind.Conflict, $"'{key}' in {NamespaceName.Describe(@namespace)} no longer has the expected MD5 {condition.Md5}. Nothing was published.") { Key = key, IsFinal = true, Advice = "Read it again, and publish with its current MD5." };

    /// <summary>Returns the error for an operation that a dialect does not support.</summary>
    /// <param name="protocol">The name of the dialect.</param>
    /// <param name="operation">The operation, as the rest of a sentence after "cannot".</param>
    /// <param name="instead">The alternative.</param>
    public static AcmException Missing(string protocol, string operation, string instead) =>
        new(AcmErrorKind.CapabilityMissing, $"{protocol} servers cannot {operation}.") { Advice = instead, IsFinal = true };
}
