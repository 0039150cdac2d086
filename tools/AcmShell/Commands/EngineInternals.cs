using System.Management.Automation;
using System.Reflection;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace AcmShell.Commands;

/// <summary>
/// The few internals of the engine that the real commands use too and that no public member reaches. The engine's version is
/// pinned, so they are there; a test of each command that needs one would show it if they were not.
/// </summary>
internal static class EngineInternals
{
    private const BindingFlags Members = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
    private const string Formatting = "Microsoft.PowerShell.Commands.Internal.Format.";

    private static readonly Assembly Engine = typeof(PSObject).Assembly;

    /// <summary>The exception by which a command ends those before it in the pipeline while those after it go on.</summary>
    public static Exception StopUpstream(Cmdlet command) =>
        (Exception)New("System.Management.Automation.StopUpstreamCommandsException", command);

    /// <summary>Makes the formatter write an object to the error stream.</summary>
    public static void MarkAsError(PSObject error)
    {
        PropertyInfo stream = typeof(PSObject).GetProperty("WriteStream", Members)!;
        stream.SetValue(error, Enum.Parse(stream.PropertyType, "Error"));
    }

    /// <param name="command">A command whose base class is the engine's.</param>
    /// <param name="shape"><c>Table</c> or <c>List</c>.</param>
    public static void FormatAs(FrontEndCommandBase command, string shape)
    {
        object value = Enum.Parse(Type("FormatShape"), shape);
        Implementation.SetValue(command, New(Formatting + "InnerFormatShapeCommand", value));
    }

    /// <summary>Lets a command format what it gets to a writer, line by line.</summary>
    public static void FormatTo(FrontEndCommandBase command, TextWriter writer, int width)
    {
        object manager = New(Formatting + "OutputManagerInner");
        manager.GetType().GetProperty("LineOutput", Members)!.SetValue(manager, New(Formatting + "TextWriterLineOutput", writer, width));
        Implementation.SetValue(command, manager);
    }

    private static FieldInfo Implementation => typeof(FrontEndCommandBase).GetField("implementation", Members)!;

    private static Type Type(string name) => Engine.GetType(Formatting + name, throwOnError: true)!;

    private static object New(string type, params object[] arguments) => Activator.CreateInstance(
        Engine.GetType(type, throwOnError: true)!, Members, binder: null, arguments, culture: null)!;
}
