using System.Globalization;
using System.Management.Automation;

namespace AcmShell.Commands;

/// <summary>The order of PowerShell's own comparison; what it can't compare, by text. Null comes first.</summary>
internal sealed class ObjectOrder(bool caseSensitive) : IComparer<object?>
{
    public int Compare(object? x, object? y)
    {
        object? first = x is PSObject one ? one.BaseObject : x;
        object? second = y is PSObject other ? other.BaseObject : y;
        return LanguagePrimitives.TryCompare(first, second, !caseSensitive, CultureInfo.CurrentCulture, out int order)
            ? order
            : CultureInfo.CurrentCulture.CompareInfo.Compare(
                x?.ToString(), y?.ToString(), caseSensitive ? CompareOptions.None : CompareOptions.IgnoreCase);
    }
}
