using System.Management.Automation;
using System.Text;

namespace AcmShell.Commands;

/// <summary>Takes an encoding by PowerShell's name for it, by a .NET name such as gb18030, or by its code page.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class EncodingArgument : ArgumentTransformationAttribute
{
    public static readonly Encoding Default = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object plain = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        try
        {
            return plain switch
            {
                Encoding encoding => encoding,
                int codePage => Encoding.GetEncoding(codePage),
                _ => ByName(plain.ToString() ?? string.Empty),
            };
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new ArgumentTransformationMetadataException($"'{plain}' is not an encoding.", e);
        }
    }

    private static Encoding ByName(string name) => name.ToUpperInvariant() switch
    {
        "UTF8" or "UTF8NOBOM" => Default,
        "UTF8BOM" => new UTF8Encoding(encoderShouldEmitUTF8Identifier: true),
        "ASCII" => Encoding.ASCII,
        "UNICODE" => Encoding.Unicode,
        "BIGENDIANUNICODE" => Encoding.BigEndianUnicode,
        "UTF32" => Encoding.UTF32,
        "BIGENDIANUTF32" => new UTF32Encoding(bigEndian: true, byteOrderMark: true),
        _ => int.TryParse(name, out int codePage) ? Encoding.GetEncoding(codePage) : Encoding.GetEncoding(name),
    };
}
