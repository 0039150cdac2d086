namespace Acm.Client.Protocol;

/// <summary>Rejects content that is empty or only white space, which servers do not store.</summary>
internal static class BlankContent
{
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidContent"/>: the content is blank.</exception>
    public static void Refuse(string content)
    {
        if (!string.IsNullOrWhiteSpace(content)) return;

        throw new AcmException(AcmErrorKind.InvalidContent, content.Length == 0
            ? "Cannot publish empty content: servers do not store empty configurations. Remove the configuration instead."
            : "Cannot publish content of white space only: servers do not store empty configurations. Remove the configuration instead.");
    }
}
