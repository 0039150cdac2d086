using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>What the parameters of several commands say of a version for some clients.</summary>
internal static class GrayParameters
{
    /// <summary>The version that is meant; null for the formal content. Parameters that don't go together end the command.</summary>
    /// <param name="cmdlet">The command.</param>
    /// <param name="isBeta">Whether -Beta is given.</param>
    /// <param name="addresses">What -BetaIp has; null where it is not given.</param>
    /// <param name="tag">What -GrayTag has; null where it is not given.</param>
    internal static GrayTarget? Target(PSCmdlet cmdlet, bool isBeta, string[]? addresses, string? tag)
    {
        string beta = addresses is null ? "Beta" : "BetaIp";
        if (tag is not null && (isBeta || addresses is not null)) cmdlet.ThrowTerminatingError(AcmErrors.InvalidParameter($"-{beta} and -GrayTag are two versions: give one of them.", "GrayTag", tag));

        try
        {
            return tag is not null ? GrayTarget.OfTag(tag) : addresses is not null ? GrayTarget.BetaOf(addresses) : isBeta ? GrayTarget.Beta : null;
        }
        catch (ArgumentException e)
        {
            cmdlet.ThrowTerminatingError(AcmErrors.InvalidParameter(AcmErrors.WithoutParameter(e), tag is null ? beta : "GrayTag", tag ?? (object?)addresses, e));
            throw;
        }
    }

    /// <summary>A warning where the beta version of a removed configuration is still there; null where it is not, or the server does not tell.</summary>
    internal static async Task<string?> LeftBehindAsync(AcmClient client, ConfigKey key, AcmCallOptions call, CancellationToken cancellationToken)
    {
        if (client.Capabilities.Protocol != "Nacos") return null;

        try
        {
            await client.GetGrayAsync(key, GrayTarget.Beta, call, cancellationToken).ConfigureAwait(false);
            return $"'{key}' was removed, and its beta version is still stored: it is served again when '{key}' is published again. Remove-AcmConfig -Beta removes it.";
        }
        catch (AcmException)
        {
            // There is none, or nobody tells: the removal itself was done.
            return null;
        }
    }
}
