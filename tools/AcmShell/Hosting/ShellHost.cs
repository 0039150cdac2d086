using System.Globalization;
using System.Management.Automation.Host;

namespace AcmShell.Hosting;

/// <summary>The host that the engine sees as <c>$Host</c>.</summary>
internal sealed class ShellHost(ShellUserInterface userInterface) : PSHost
{
    public override string Name => "AcmShell";

    public override Version Version { get; } = typeof(ShellHost).Assembly.GetName().Version!;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override CultureInfo CurrentCulture { get; } = CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture { get; } = CultureInfo.CurrentUICulture;

    public override PSHostUserInterface UI => userInterface;

    /// <summary>The code that a script gave to <c>exit</c>; null while none has.</summary>
    public int? ExitCode { get; private set; }

    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    public override void EnterNestedPrompt() => throw new NotSupportedException("AcmShell has no nested prompt, and so no debugger.");

    public override void ExitNestedPrompt() => throw new NotSupportedException("AcmShell has no nested prompt, and so no debugger.");

    /// <summary>A native program may draw over the progress line.</summary>
    public override void NotifyBeginApplication() => userInterface.ClearProgress();

    public override void NotifyEndApplication()
    {
    }
}
