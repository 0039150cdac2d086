using System.Net;
using System.Security;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>The KMS settings of a connection, named as the parameters of Connect-Acm.</summary>
internal sealed class KmsSettings
{
    /// <summary>Gets or sets whether to use KMS. Null if not specified.</summary>
    internal bool? UseKms { get; set; }

    internal string? KmsRegionId { get; set; }

    /// <summary>Gets or sets the encryption key. Null for the engine's default.</summary>
    internal string? KmsKeyId { get; set; }

    /// <summary>Gets or sets the access key ID for KMS. Null for the connection's credentials.</summary>
    internal string? KmsAccessKey { get; set; }

    internal SecureString? KmsSecretKey { get; set; }

    /// <summary>Gets or sets the endpoint. Null for the region's public endpoint.</summary>
    internal string? KmsEndpoint { get; set; }

    /// <summary>Removes all KMS settings.</summary>
    internal void Clear() => (UseKms, KmsRegionId, KmsKeyId, KmsAccessKey, KmsSecretKey, KmsEndpoint) = (false, null, null, null, null, null);

    /// <summary>Returns the options for the engine, or null if KMS is not used.</summary>
    /// <exception cref="InvalidSettingException">A setting is missing.</exception>
    internal AcmKmsOptions? ToOptions()
    {
        if (UseKms == false) return null;
        if (UseKms is null)
        {
            // An error, because a forgotten -UseKms would store secrets unencrypted.
            string? given = KmsRegionId is not null ? nameof(KmsRegionId) : KmsKeyId is not null ? nameof(KmsKeyId) : KmsAccessKey is not null ? nameof(KmsAccessKey)
                : KmsSecretKey is not null ? nameof(KmsSecretKey) : KmsEndpoint is not null ? nameof(KmsEndpoint) : null;
            return given is null ? null : throw new InvalidSettingException($"-{given} requires -UseKms.", given);
        }

        return new AcmKmsOptions
        {
            RegionId = KmsRegionId,
            KeyId = KmsKeyId ?? AcmKmsOptions.DefaultKeyId,
            Endpoint = KmsEndpoint,
            Credential = ToCredential(),
        };
    }

    /// <summary>Returns the parameter that a message of the engine refers to, or null if it is not about KMS.</summary>
    internal static string? ParameterOf(string message) =>
        message.StartsWith("KMS needs a region", StringComparison.Ordinal) || message.StartsWith("The KMS region", StringComparison.Ordinal) ? nameof(KmsRegionId)
        : message.StartsWith("The KMS endpoint", StringComparison.Ordinal) ? nameof(KmsEndpoint)
        : message.StartsWith("The KMS key id", StringComparison.Ordinal) ? nameof(KmsKeyId)
        : message.StartsWith("KMS needs credentials", StringComparison.Ordinal) ? nameof(KmsAccessKey)
        : null;

    private AcmCredential? ToCredential()
    {
        bool hasSecret = KmsSecretKey is { Length: > 0 };
        if (string.IsNullOrEmpty(KmsAccessKey) && !hasSecret) return null;
        if (string.IsNullOrEmpty(KmsAccessKey)) throw new InvalidSettingException("-KmsSecretKey needs -KmsAccessKey with it.", nameof(KmsAccessKey));
        if (!hasSecret) throw new InvalidSettingException("-KmsAccessKey needs -KmsSecretKey with it.", nameof(KmsSecretKey));

        try
        {
            return new AcmCredential(KmsAccessKey!, new NetworkCredential("", KmsSecretKey).Password);
        }
        catch (ArgumentException e)
        {
            throw new InvalidSettingException(AcmErrors.WithoutParameter(e), nameof(KmsAccessKey), inner: e);
        }
    }
}
