using System.Text;
using Acm.Client.Protocol;
using Acm.Client.Text;

namespace Acm.Client.Transfer.Sources;

/// <summary>Rules for names and content, and the checksum of a text: those of the servers, or for comparing files, those of files.</summary>
internal sealed class ContentRules
{
    // Without a server, names of all dialects are valid.
    private static readonly NameRules AnyNames = new(allowUnicode: true);

    private readonly IConfigProtocol? _protocol;

    private ContentRules(IConfigProtocol? protocol) => _protocol = protocol;

    /// <summary>Gets the rules for comparing files.</summary>
    public static ContentRules OfFiles { get; } = new(null);

    public static ContentRules Of(AcmClient client) => new(client.Protocol);

    /// <summary>Gets the metadata that is stored.</summary>
    public MetadataFields StoredMetadata => _protocol?.StoredMetadata ?? MetadataFields.All;

    /// <summary>Gets the metadata in lists.</summary>
    public MetadataFields ListedMetadata => _protocol?.ListedMetadata ?? MetadataFields.All;

    /// <summary>Gets whether lists contain the MD5 that <see cref="Md5"/> returns.</summary>
    public bool ListsMd5 => _protocol?.ListsMd5 == true;

    /// <summary>Throws <see cref="AcmErrorKind.InvalidKey"/> if a name is not valid.</summary>
    public void CheckKey(ConfigKey key)
    {
        if (_protocol is null) AnyNames.Check(key);
        else _protocol.CheckKey(key);
    }

    /// <summary>Returns the MD5 of a text as a server computes it; a different one for text that no server can store.</summary>
    public string Md5(string text)
    {
        try
        {
            return Md5Hex.Of(_protocol?.EncodeContent(text) ?? Encoding.UTF8.GetBytes(text));
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.InvalidContent)
        {
            return Md5Hex.Of(Encoding.UTF8.GetBytes(text));
        }
    }

    /// <summary>Returns why the servers would reject a text, as the rest of a sentence after its location; null if they would not.</summary>
    public AcmException? Refusal(string text, bool isEncrypted)
    {
        try
        {
            // Encrypted content is sent as Base64, in any charset.
            if (isEncrypted) BlankContent.Refuse(text);
            else _protocol?.EncodeContent(text);
            return null;
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.InvalidContent)
        {
            return new AcmException(e.Kind, "can't be published. " + e.Message, e) { Advice = e.Advice };
        }
    }
}
