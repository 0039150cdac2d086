using System.Management.Automation;

namespace HelpBuilder.Commands;

/// <summary>Formats type names as the schema does.</summary>
internal static class TypeName
{
    private static readonly Dictionary<Type, string> Accelerators = new()
    {
        [typeof(string)] = "string", [typeof(int)] = "int", [typeof(long)] = "long", [typeof(double)] = "double", [typeof(bool)] = "bool",
        [typeof(DateTime)] = "datetime", [typeof(TimeSpan)] = "timespan", [typeof(Uri)] = "uri", [typeof(ScriptBlock)] = "scriptblock",
        [typeof(System.Collections.Hashtable)] = "hashtable", [typeof(PSObject)] = "psobject", [typeof(PSCredential)] = "pscredential",
        [typeof(System.Security.SecureString)] = "securestring", [typeof(System.Text.RegularExpressions.Regex)] = "regex", [typeof(Version)] = "version",
        [typeof(Guid)] = "guid",
    };

    /// <summary>Returns the name with its namespace, for the YAML block of a parameter.</summary>
    public static string Full(Type type) => Nullable.GetUnderlyingType(type) is { } inner ? $"System.Nullable`1[{inner.FullName}]" : type.FullName!;

    /// <summary>Returns the shortest name that PowerShell accepts, for the syntax.</summary>
    public static string Short(Type type)
    {
        if (type.IsArray) return Short(type.GetElementType()!) + "[]";
        type = Nullable.GetUnderlyingType(type) ?? type;
        return Accelerators.GetValueOrDefault(type) ?? type.Name;
    }
}
