using System.Globalization;
using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Evaluates the parameters for gray versions (beta and tag) that several commands share.</summary>
internal static class GrayParameters
{
    /// <summary>Returns the selected gray version, or null for the formal content. Throws a terminating error if the parameters conflict.</summary>
    /// <param name="cmdlet">The command.</param>
    /// <param name="isBeta">The value of -Beta.</param>
    /// <param name="addresses">The value of -BetaIp, or null if it was not specified.</param>
    /// <param name="tag">The value of -GrayTag, or null if it was not specified.</param>
    internal static GrayTarget? Target(PSCmdlet cmdlet, bool isBeta, string[]? addresses, string? tag)
    {
        string beta = addresses is null ? "Beta" : "BetaIp";
        if (tag is not null && (isBeta || addresses is not null)) cmdlet.ThrowTerminatingError(AcmErrors.InvalidParameter($"-{beta} and -GrayTag cannot be combined.", "GrayTag", tag));

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

    /// <summary>Returns a warning about beta versions that remain after their configurations were removed, or null if there are none.</summary>
    internal static string? LeftBehind(IReadOnlyCollection<ConfigKey> keys)
    {
        if (keys.Count == 0) return null;

        ConfigKey first = keys.OrderBy(key => key.ToString(), StringComparer.Ordinal).First();
        return keys.Count == 1
            ? $"'{first}' was removed, but its beta version is still stored. The beta version is served again when '{first}' is published again. Run Remove-AcmConfig -Beta to remove it."
            : string.Format(CultureInfo.InvariantCulture, "{0:N0} configurations were removed, but their beta versions (such as that of '{1}') are still stored. The beta versions are served again when the configurations are published again. Run Remove-AcmConfig -Beta to remove them.", keys.Count, first);
    }
}
