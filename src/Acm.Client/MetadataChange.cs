using Acm.Client.Text;

namespace Acm.Client;

/// <summary>A metadata property that is to change.</summary>
/// <param name="Name">The property.</param>
/// <param name="Old">The current value; empty for none.</param>
/// <param name="New">The new value.</param>
internal sealed record MetadataChange(string Name, string Old, string New)
{
    /// <summary>Gets the change on one line without its values, which may be secret.</summary>
    public string Redacted => $"{Name}: ***";

    /// <summary>Returns the change on one line.</summary>
    public override string ToString() => $"{Name}: '{ForeignText.Clean(Old)}' -> '{ForeignText.Clean(New)}'";
}
