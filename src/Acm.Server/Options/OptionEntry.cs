namespace Acm.Server.Options;

/// <param name="Name">As on the command line, without the leading dashes.</param>
/// <param name="Takes">What its value is; null for a switch.</param>
/// <param name="Help">One line for people.</param>
internal sealed record OptionEntry(string Name, string? Takes, string Help)
{
    public bool IsSwitch => Takes is null;
}
