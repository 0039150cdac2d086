using System.Text;
using Acm.Client.Protocol;
using Acm.Client.Text;

namespace Acm.Client.Transfer.Sources;

/// <summary>Which names and texts are allowed, and what a text is recognised by: as servers have it, or, between files alone, as files have it.</summary>
internal sealed class ContentRules
{
    // What no server has been asked about may be a name of any that there is.
    private static readonly NameRules AnyNames = new(allowUnicode: true);

    private readonly IConfigProtocol? _protocol;

    private ContentRules(IConfigProtocol? protocol) => _protocol = protocol;

    /// <summary>The rules where no server takes part.</summary>
    public static ContentRules OfFiles { get; } = new(null);

    public static ContentRules Of(AcmClient client) => new(client.Protocol);

    /// <summary>Which metadata is stored.</summary>
    public MetadataFields StoredMetadata => _protocol?.StoredMetadata ?? MetadataFields.All;

    /// <summary>Which metadata a list shows.</summary>
    public MetadataFields ListedMetadata => _protocol?.ListedMetadata ?? MetadataFields.All;

    /// <summary>Whether a list shows the MD5 that <see cref="Md5"/> makes.</summary>
    public bool ListsMd5 => _protocol?.ListsMd5 == true;

    /// <summary>Throws <see cref="AcmErrorKind.InvalidKey"/>.</summary>
    public void CheckKey(ConfigKey key)
    {
        if (_protocol is null) AnyNames.Check(key);
        else _protocol.CheckKey(key);
    }

    /// <summary>The MD5 that a server has of this text; of a text that no server can have, one that differs from all of theirs.</summary>
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

    /// <summary>Why the servers would not take a text, as the rest of a sentence that begins with where it lies; null where they would.</summary>
    public AcmException? Refusal(string text, bool isEncrypted)
    {
        try
        {
            // Whatever is encrypted travels as Base64.
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
