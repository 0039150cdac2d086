using System.Globalization;
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
        if (tag is not null && (isBeta || addresses is not null)) cmdlet.ThrowTerminatingError(AcmErrors.InvalidParameter($"-{beta} and -GrayTag exclude each other.", "GrayTag", tag));

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

    /// <summary>A warning of beta versions that are still there after their configurations were removed; null for none.</summary>
    internal static string? LeftBehind(IReadOnlyCollection<ConfigKey> keys)
    {
        if (keys.Count == 0) return null;

        ConfigKey first = keys.OrderBy(key => key.ToString(), StringComparer.Ordinal).First();
        return keys.Count == 1
            ? $"'{first}' was removed, and its beta version is still stored: it is served again when '{first}' is published again. Remove-AcmConfig -Beta removes it."
            : string.Format(CultureInfo.InvariantCulture, "{0:N0} configurations were removed, and their beta versions are still stored, such as that of '{1}': they are served again when these are published again. Remove-AcmConfig -Beta removes them.", keys.Count, first);
    }
}
