using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
#if NET
using System.Runtime.Loader;
#endif

namespace AcmPowerShell;

/// <summary>Resolves the engine's assemblies when the module is imported, and closes the runspace's sessions when it is removed.</summary>
public sealed class ModuleAssembly : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    private static readonly string Home = Path.GetDirectoryName(typeof(ModuleAssembly).Assembly.Location)!;

    /// <summary>Called by PowerShell for each import in each runspace.</summary>
    public void OnImport()
    {
        // Registered once per process and never removed, because other runspaces can still use the loaded assemblies.
        _ = Engine.IsHooked;
    }

    /// <summary>Called by PowerShell in the runspace that removes the module.</summary>
    /// <param name="psModuleInfo">The module.</param>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        if (Runspace.DefaultRunspace is { } runspace) RunspaceResources.Of(runspace).End(closing: false);
    }

    private static class Engine
    {
        internal static readonly bool IsHooked = Hook();

#if NET
        private static readonly Dependencies Private = new();

        private static bool Hook()
        {
            AssemblyLoadContext.Default.Resolving += Resolve;
            return true;
        }

        // Only the engine is resolved here. It resolves its dependencies in the private context.
        private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) =>
            name.Name == "Acm.Client" ? Private.LoadFromAssemblyName(name) : null;
#else
        private static bool Hook()
        {
            AppDomain.CurrentDomain.AssemblyResolve += Resolve;
            return true;
        }

        // By simple name, because modules have no binding redirects on .NET Framework and the dependencies reference slightly different versions of each other.
        private static Assembly? Resolve(object? sender, ResolveEventArgs request)
        {
            // Only requests of this module are resolved, so that other modules do not get these versions.
            string? asking = request.RequestingAssembly is { IsDynamic: false } assembly ? Path.GetDirectoryName(assembly.Location) : null;
            if (!string.Equals(asking, Home, StringComparison.OrdinalIgnoreCase)) return null;

            string file = Path.Combine(Home, new AssemblyName(request.Name).Name + ".dll");
            return File.Exists(file) ? Assembly.LoadFrom(file) : null;
        }
#endif
    }

#if NET
    private sealed class Dependencies() : AssemblyLoadContext("Acm")
    {
        protected override Assembly? Load(AssemblyName name)
        {
            string file = Path.Combine(Home, "deps", name.Name + ".dll");
            return File.Exists(file) ? LoadFromAssemblyPath(file) : null;
        }
    }
#endif
}
