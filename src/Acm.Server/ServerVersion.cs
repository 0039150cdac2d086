using System.Reflection;

namespace Acm.Server;

internal static class ServerVersion
{
    /// <summary>Gets the version without the commit that the build appends.</summary>
    public static string Text { get; } =
        typeof(ServerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
}
