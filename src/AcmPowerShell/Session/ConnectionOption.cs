using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Reflection;
using System.Security;
using Acm.Client.Profiles;

namespace AcmPowerShell;

/// <summary>
/// One option of a connection: its parameter, its name in a profile, and where a connection has it. A profile has it under the name of the parameter, in lower camel case; a parameter that gives two options
/// has a name for each.
/// </summary>
internal sealed record ConnectionOption
{
    private readonly Action<ConnectionSettings, StoredProfile> _store;
    private readonly Action<StoredProfile, ConnectionSettings> _load;
    private readonly Func<StoredProfile, object?>? _show;
    private readonly Action<ConnectionSettings, object?> _bind;
    private readonly Func<string, object?> _parse;

    private ConnectionOption(
        string name,
        string? parameter,
        Action<ConnectionSettings, StoredProfile> store,
        Action<StoredProfile, ConnectionSettings> load,
        Func<StoredProfile, object?>? show,
        Action<ConnectionSettings, object?> bind,
        Func<string, object?> parse)
    {
        Parameter = parameter ?? name;
        Variable = VariableOf(name);
        _parse = parse;
        _store = store;
        _load = load;
        _show = show;
        _bind = bind;
    }

    /// <summary>The parameter of Connect-Acm.</summary>
    internal string Parameter { get; }

    /// <summary>The variable of the environment that gives it.</summary>
    internal string Variable { get; init; }

    internal bool IsSecret => _show is null;

    /// <summary>Whether the parameter is the path of a file or folder, which is kept as a full one.</summary>
    internal bool IsPath { get; private init; }

    /// <summary>Whether a command carries the parameter over in a way of its own.</summary>
    internal bool IsBoundApart { get; init; }

    internal static string FieldOf(string parameter) => char.ToLowerInvariant(parameter[0]) + parameter[1..];

    internal static ConnectionOption Text(string name, Func<ConnectionSettings, string?> get, Action<ConnectionSettings, string> set, string? parameter = null)
    {
        string field = FieldOf(name);
        return new(
            name,
            parameter,
            (from, to) => to.Set(field, get(from)),
            (from, to) => { if (from.Text(field) is { } value) set(to, value); },
            profile => profile.Text(field),
            // The parameter may be a URI.
            (to, value) => set(to, value!.ToString()!),
            static text => text);
    }

    internal static ConnectionOption FilePath(string parameter, Func<ConnectionSettings, string?> get, Action<ConnectionSettings, string> set) => Text(parameter, get, set) with { IsPath = true };

    internal static ConnectionOption Texts(string parameter, Func<ConnectionSettings, string[]> get, Action<ConnectionSettings, string[]> set)
    {
        string field = FieldOf(parameter);
        return new(
            parameter,
            parameter: null,
            (from, to) => { if (get(from) is [string one]) to.Set(field, one); else to.Set(field, get(from)); },
            (from, to) => { if (from.Texts(field) is { } value) set(to, [.. value]); },
            profile => profile.Texts(field) is { } value ? string.Join(",", value) : null,
            (to, value) => set(to, (string[])value!),
            static text => new[] { text });
    }

    internal static ConnectionOption Choice<T>(string parameter, Func<ConnectionSettings, T?> get, Action<ConnectionSettings, T> set)
        where T : struct, Enum
    {
        string field = FieldOf(parameter);
        return new(
            parameter,
            parameter: null,
            (from, to) => to.Set(field, get(from)?.ToString()),
            (from, to) => { if (Read(from) is { } value) set(to, value); },
            profile => Read(profile)?.ToString(),
            (to, value) => set(to, (T)value!),
            static text => Parse(text) ?? throw new FormatException($"expected one of {string.Join(", ", typeof(T).GetEnumNames())}"));

        T? Read(StoredProfile profile) => profile.Text(field) is not { } text ? null : Parse(text) ?? throw profile.Fault(field, $"is no {typeof(T).Name}");

        // Without digits: a number would be taken for the name of any.
        static T? Parse(string text) => text.All(char.IsLetter) && Enum.TryParse(text, ignoreCase: true, out T value) ? value : null;
    }

    internal static ConnectionOption Switch(string parameter, Func<ConnectionSettings, bool> get, Action<ConnectionSettings, bool> set)
    {
        string field = FieldOf(parameter);
        return new(
            parameter,
            parameter: null,
            (from, to) => to.Set(field, get(from)),
            (from, to) => { if (from.Switch(field) is { } value) set(to, value); },
            profile => profile.Switch(field),
            (to, value) => set(to, (SwitchParameter)value!),
            static text => new SwitchParameter(bool.TryParse(text, out bool on) ? on : throw new FormatException("expected true or false")));
    }

    internal static ConnectionOption Number(string parameter, Func<ConnectionSettings, double?> get, Action<ConnectionSettings, double> set)
    {
        string field = FieldOf(parameter);
        return new(
            parameter,
            parameter: null,
            (from, to) => { if (get(from) is { } value) to.Set(field, value); },
            (from, to) => { if (Read(from) is { } value) set(to, value); },
            profile => Read(profile),
            (to, value) => set(to, Convert.ToDouble(value, CultureInfo.InvariantCulture)),
            text => !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? throw new FormatException("expected a number") : Fault(value) is { } fault ? throw new FormatException(fault) : value);

        double? Read(StoredProfile profile) => profile.Number(field) is not { } value ? null : Fault(value) is { } fault ? throw profile.Fault(field, $"is {value}; {fault}") : value;

        // What a person wrote into a file or a variable was bound by no parameter.
        string? Fault(double value)
        {
            ValidateRangeAttribute range = Property(parameter)!.GetCustomAttribute<ValidateRangeAttribute>()!;
            double least = Convert.ToDouble(range.MinRange, CultureInfo.InvariantCulture);
            double most = Convert.ToDouble(range.MaxRange, CultureInfo.InvariantCulture);
            return value >= least && value <= most ? null : $"it must be from {least} to {most}";
        }
    }

    internal static ConnectionOption Secret(string name, Func<ConnectionSettings, SecureString?> get, Action<ConnectionSettings, SecureString> set, string? parameter = null)
    {
        string field = FieldOf(name);
        return new(
            name,
            parameter,
            (from, to) => to.SetSecret(field, get(from) is { } value ? new NetworkCredential("", value).Password : null),
            (from, to) => { if (from.Secret(field) is { } value) set(to, new NetworkCredential("", value).SecurePassword); },
            show: null,
            (to, value) => set(to, (SecureString)value!),
            static text => new NetworkCredential("", text).SecurePassword);
    }

    /// <summary>Sets a connection to what a variable of the environment says.</summary>
    /// <param name="text">Its value.</param>
    /// <param name="settings">The connection.</param>
    /// <param name="toFullPath">Makes a full path of one that was given.</param>
    /// <exception cref="FormatException">It can't be used; the message says what is expected, and does not repeat it.</exception>
    internal void Parse(string text, ConnectionSettings settings, Func<string, string> toFullPath) => _bind(settings, _parse(IsPath ? toFullPath(text) : text));

    /// <summary>Sets a connection to what the command was given.</summary>
    /// <param name="command">The command, to which the parameter was given.</param>
    /// <param name="settings">The connection.</param>
    /// <param name="toFullPath">Makes a full path of one that was given.</param>
    internal void Bind(ConnectionCmdlet command, ConnectionSettings settings, Func<string, string> toFullPath)
    {
        object? value = Property(Parameter)!.GetValue(command);
        _bind(settings, IsPath ? toFullPath((string)value!) : value);
    }

    /// <summary>Has a profile keep what a connection is set to.</summary>
    internal void Store(ConnectionSettings from, StoredProfile to) => _store(from, to);

    /// <summary>Sets a connection to what a profile keeps, if it does.</summary>
    internal void Load(StoredProfile from, ConnectionSettings to) => _load(from, to);

    /// <summary>What a person may see of it; null where the profile does not have it.</summary>
    internal object? Show(StoredProfile profile) => _show?.Invoke(profile);

    /// <summary>The name in capitals, its words apart: <c>ACM_TLS_SERVER_NAME</c>.</summary>
    private static string VariableOf(string name) => "ACM" + string.Concat(name.Select(c => char.IsUpper(c) ? "_" + c : char.ToUpperInvariant(c).ToString()));

    private static PropertyInfo? Property(string parameter) => typeof(ConnectionCmdlet).GetProperty(parameter);
}
