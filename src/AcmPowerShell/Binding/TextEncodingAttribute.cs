using System.Management.Automation;
using System.Text;
using static AcmPowerShell.BoundValue;

namespace AcmPowerShell;

/// <summary>Accepts an encoding by its .NET name, PowerShell name or code page, or as an object.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TextEncodingAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = Unwrap(inputData);
        try
        {
            return value switch
            {
                Encoding encoding => encoding,
                int codePage => CodePagesEncodingProvider.Instance.GetEncoding(codePage) ?? Encoding.GetEncoding(codePage),
                string name => Find(name),
                _ => throw new ArgumentException($"'{value}' is not a valid encoding."),
            };
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new ArgumentTransformationMetadataException($"'{value}' is not a valid encoding. Use utf8, gbk, unicode, or another .NET name or code page.", e);
        }
    }

    private static Encoding Find(string name) => name.ToLowerInvariant() switch
    {
        "utf8" or "utf8bom" or "utf8nobom" => Encoding.UTF8,
        "unicode" => Encoding.Unicode,
        "bigendianunicode" => Encoding.BigEndianUnicode,
        "utf32" => Encoding.UTF32,
        string other => CodePagesEncodingProvider.Instance.GetEncoding(other) ?? Encoding.GetEncoding(other),
    };
}
