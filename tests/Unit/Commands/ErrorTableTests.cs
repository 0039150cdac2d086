using System.Management.Automation;
using System.Reflection;
using Acm.Tests.Support;

namespace Acm.Tests.Commands;

/// <summary>Error IDs and categories are part of the interface, because scripts match them.</summary>
public sealed class ErrorTableTests
{
    [Theory]
    [InlineData("ConfigNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("AccessDenied", ErrorCategory.PermissionDenied)]
    [InlineData("AuthenticationFailed", ErrorCategory.AuthenticationError)]
    [InlineData("ServerUnavailable", ErrorCategory.ConnectionError)]
    [InlineData("Timeout", ErrorCategory.OperationTimeout)]
    [InlineData("NotConnected", ErrorCategory.ConnectionError)]
    [InlineData("InvalidProfile", ErrorCategory.InvalidData)]
    [InlineData("InvalidResponse", ErrorCategory.ProtocolError)]
    [InlineData("StorageFailed", ErrorCategory.WriteError)]
    [InlineData("Conflict", ErrorCategory.ResourceBusy)]
    [InlineData("ConfigExists", ErrorCategory.ResourceExists)]
    [InlineData("InvalidKey", ErrorCategory.InvalidArgument)]
    [InlineData("InvalidContent", ErrorCategory.InvalidData)]
    [InlineData("ContentTooLarge", ErrorCategory.LimitsExceeded)]
    [InlineData("Throttled", ErrorCategory.LimitsExceeded)]
    [InlineData("CapabilityMissing", ErrorCategory.NotImplemented)]
    [InlineData("DecryptFailed", ErrorCategory.SecurityError)]
    [InlineData("UntrustedServer", ErrorCategory.SecurityError)]
    [InlineData("ServerStartFailed", ErrorCategory.OpenError)]
    public void A_kind_has_its_id_and_category(string kind, ErrorCategory category)
    {
        ErrorRecord record = Record(kind);

        Assert.Equal("Acm" + kind, record.FullyQualifiedErrorId);
        Assert.Equal(category, record.CategoryInfo.Category);
        Assert.Equal("DEFAULT_GROUP/app", record.TargetObject.ToString());
    }

    [Fact]
    public void Every_kind_is_in_the_table()
    {
        string[] unknown = [.. Enum.GetNames(Kinds).Where(kind => Record(kind).CategoryInfo.Category == ErrorCategory.NotSpecified)];

        Assert.Empty(unknown);
    }

    private static Assembly Module { get; } = LoadModule();

    private static Type Kinds => Record0.GetParameters()[0].ParameterType.GetProperty("Kind")!.PropertyType;

    private static MethodInfo Record0 => Module.GetType("AcmPowerShell.AcmErrors", throwOnError: true)!.GetMethod("Record", BindingFlags.Static | BindingFlags.NonPublic)!;

    private static ErrorRecord Record(string kind)
    {
        Type exception = Record0.GetParameters()[0].ParameterType;
        object error = Activator.CreateInstance(exception, Enum.Parse(Kinds, kind), "what happened", null)!;
        return (ErrorRecord)Record0.Invoke(null, [error, "DEFAULT_GROUP/app"])!;
    }

    private static Assembly LoadModule()
    {
        using ModuleShell shell = ModuleShell.Open();
        return (Assembly)shell.Run("(Get-Command Connect-Acm).ImplementingType.Assembly").Output[0].BaseObject;
    }
}
