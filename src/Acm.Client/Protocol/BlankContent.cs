namespace Acm.Client.Protocol;

/// <summary>No server stores content that is empty or only white space.</summary>
internal static class BlankContent
{
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidContent"/>.</exception>
    public static void Refuse(string content)
    {
        if (!string.IsNullOrWhiteSpace(content)) return;

        throw new AcmException(AcmErrorKind.InvalidContent, content.Length == 0
            ? "The content is empty, which no server stores. Remove the configuration instead."
            : "The content is only white space, which no server stores. Remove the configuration instead.");
    }
}
