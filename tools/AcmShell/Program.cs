using System.Management.Automation;
using System.Reflection;
using Microsoft.PowerShell;

// Runs PowerShell's console host with the staged module first on the module path, before the user's modules:
// by default these are first, and an installed Acm would hide the one that was built.
string folder = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "AcmModuleFolder").Value!;
string?[] modules =
[
    Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, folder)),
    ModuleIntrinsics.GetPSModulePath(ModuleIntrinsics.PSModulePathScope.User),
    Environment.GetEnvironmentVariable("PSModulePath"),
];
Environment.SetEnvironmentVariable("PSModulePath", string.Join(Path.PathSeparator, modules.Where(path => !string.IsNullOrEmpty(path))));

return ConsoleShell.Start(bannerText: null, helpText: null, args);
