using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;

namespace AcmShell.Commands;

[Cmdlet(VerbsCommon.New, "Object")]
internal sealed class NewObjectCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true)]
    public string TypeName { get; set; } = string.Empty;

    [Parameter(Position = 1)]
    [Alias("Args")]
    public object[] ArgumentList { get; set; } = [];

    [Parameter]
    public IDictionary? Property { get; set; }

    protected override void EndProcessing()
    {
        if (!LanguagePrimitives.TryConvertTo(TypeName, out Type type))
        {
            ThrowTerminatingError(new ErrorRecord(
                new PSArgumentException($"Cannot find type [{TypeName}]: verify that the assembly containing this type is loaded."),
                "TypeNotFound",
                ErrorCategory.InvalidType,
                TypeName));
        }

        PSObject created = Create(type);
        foreach (DictionaryEntry pair in Property ?? new Hashtable()) Assign(created, pair.Key.ToString()!, pair.Value);
        WriteObject(created);
    }

    /// <summary>
    /// The language's own <c>::new</c> chooses the constructor and converts the arguments. InvokeScript takes a collection
    /// apart, the pipeline before it too: hence two commas.
    /// </summary>
    private PSObject Create(Type type)
    {
        if (type == typeof(PSObject) || type == typeof(PSCustomObject)) return new PSObject();
        try
        {
            return InvokeCommand.InvokeScript(
                useLocalScope: true,
                ScriptBlock.Create("param($type, $arguments) , , $type::new.Invoke($arguments)"),
                input: null,
                args: [type, ArgumentList]).Single();
        }
        catch (RuntimeException e)
        {
            Exception cause = e.InnerException is TargetInvocationException { InnerException: { } inner } ? inner : e.InnerException ?? e;
            ThrowTerminatingError(new ErrorRecord(cause, "ConstructorInvokedThrowException", ErrorCategory.InvalidOperation, type));
            throw;
        }
    }

    private static void Assign(PSObject target, string name, object? value)
    {
        if (target.Properties[name] is { } property) property.Value = value;
        else if (target.BaseObject is PSCustomObject) target.Properties.Add(new PSNoteProperty(name, value));
        else if (target.Methods[name] is { } method) method.Invoke(value);
        else throw new PSArgumentException(string.Create(
            CultureInfo.CurrentCulture, $"The member \"{name}\" was not found for the specified {target.BaseObject.GetType()} object."));
    }
}
