namespace Acm.Server.Options;

/// <summary>An option of the command line.</summary>
/// <param name="Name">The name without the leading dashes.</param>
/// <param name="Takes">The placeholder for the value; null for a switch.</param>
/// <param name="Help">The line in the help text.</param>
internal sealed record OptionEntry(string Name, string? Takes, string Help)
{
    public bool IsSwitch => Takes is null;
}
