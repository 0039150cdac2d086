using System.Management.Automation.Runspaces;
using System.Reflection;
using Acm.Tests.Support;

namespace Acm.Tests.Commands;

/// <summary>Actions in an idle runspace run on a thread-pool thread, where an exception would end the process.</summary>
public sealed class IdleTurnTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_runspace_that_closes_just_then_is_no_error(bool disposes)
    {
        using ModuleShell shell = ModuleShell.Open();
        Runspace runspace = shell.Runspace;
        Type type = ((Type)shell.Run("[AcmPowerShell.AcmSession]").ThrowOnError().Output[0].BaseObject).Assembly.GetType("AcmPowerShell.IdleTurn", throwOnError: true)!;
        int asked = 0;
        bool CloseAndWait()
        {
            if (Interlocked.Increment(ref asked) > 1) return true;
            if (disposes) runspace.Dispose();
            else runspace.Close();
            return true;
        }

        object turn = Activator.CreateInstance(type, BindingFlags.NonPublic | BindingFlags.Instance, binder: null, [runspace, (Func<bool>)CloseAndWait], culture: null)!;
        type.GetMethod("Take", BindingFlags.NonPublic | BindingFlags.Instance)!.Invoke(turn, null);

        Assert.NotEqual(0, asked);
    }
}
