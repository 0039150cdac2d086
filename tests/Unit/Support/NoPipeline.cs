using System.Runtime.CompilerServices;

namespace Acm.Tests.Support;

/// <summary>Forgets the pipeline that the tests may run in: to a command that looks for one, and to every shell that they start, there is only the pipeline that a test sets up.</summary>
internal static class NoPipeline
{
    [ModuleInitializer]
    internal static void Forget()
    {
        foreach (string name in Environment.GetEnvironmentVariables().Keys)
        {
            if (name == "TF_BUILD" || name.StartsWith("GITHUB_", StringComparison.Ordinal)) Environment.SetEnvironmentVariable(name, null);
        }
    }
}
