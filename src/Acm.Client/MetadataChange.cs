using Acm.Client.Text;

namespace Acm.Client;

/// <summary>A property of a configuration's metadata that is to change.</summary>
/// <param name="Name">The property.</param>
/// <param name="Old">What it is; empty for none.</param>
/// <param name="New">What it is to be.</param>
internal sealed record MetadataChange(string Name, string Old, string New)
{
    /// <summary>The change on one line without its values, which may be secret.</summary>
    public string Redacted => $"{Name}: ***";

    /// <summary>The change on one line.</summary>
    public override string ToString() => $"{Name}: '{ForeignText.Clean(Old)}' -> '{ForeignText.Clean(New)}'";
}
