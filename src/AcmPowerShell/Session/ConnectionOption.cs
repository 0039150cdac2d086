using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Reflection;
using System.Security;
using Acm.Client.Profiles;

namespace AcmPowerShell;

/// <summary>
/// An option of a connection: its parameter, its field in a profile, and its property in the settings. The field has the name of the parameter in camel case. A parameter that sets two options, such as
/// a credential, has a field for each.
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

    /// <summary>Gets the name of the parameter.</summary>
    internal string Parameter { get; }

    /// <summary>Gets the name of the environment variable.</summary>
    internal string Variable { get; init; }

    internal bool IsSecret => _show is null;

    /// <summary>Gets whether the value is a path, which is stored as a full path.</summary>
    internal bool IsPath { get; private init; }

    /// <summary>Gets whether the commands apply the parameter themselves.</summary>
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

        T? Read(StoredProfile profile) => profile.Text(field) is not { } text ? null : Parse(text) ?? throw profile.Fault(field, $"is not a valid {typeof(T).Name}");

        // Letters only, because Enum.TryParse also accepts numbers.
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

        // Values from files and environment variables do not pass the validation attributes of parameters.
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

    /// <summary>Applies the value of an environment variable to settings.</summary>
    /// <param name="text">The value.</param>
    /// <param name="settings">The connection.</param>
    /// <param name="toFullPath">Makes a full path of one that was given.</param>
    /// <exception cref="FormatException">The value is not valid. The message says what is expected and does not contain the value.</exception>
    internal void Parse(string text, ConnectionSettings settings, Func<string, string> toFullPath) => _bind(settings, _parse(IsPath ? toFullPath(text) : text));

    /// <summary>Applies the parameter of a command to settings.</summary>
    /// <param name="command">The command.</param>
    /// <param name="settings">The connection.</param>
    /// <param name="toFullPath">Makes a full path of one that was given.</param>
    internal void Bind(ConnectionCmdlet command, ConnectionSettings settings, Func<string, string> toFullPath)
    {
        object? value = Property(Parameter)!.GetValue(command);
        _bind(settings, IsPath ? toFullPath((string)value!) : value);
    }

    /// <summary>Stores the value of settings in a profile.</summary>
    internal void Store(ConnectionSettings from, StoredProfile to) => _store(from, to);

    /// <summary>Applies the value of a profile to settings, if it has one.</summary>
    internal void Load(StoredProfile from, ConnectionSettings to) => _load(from, to);

    /// <summary>Returns the value for display. Null for a secret, or if the profile does not have it.</summary>
    internal object? Show(StoredProfile profile) => _show?.Invoke(profile);

    /// <summary>Returns the name of the environment variable, as in <c>ACM_TLS_SERVER_NAME</c>.</summary>
    private static string VariableOf(string name) => "ACM" + string.Concat(name.Select(c => char.IsUpper(c) ? "_" + c : char.ToUpperInvariant(c).ToString()));

    private static PropertyInfo? Property(string parameter) => typeof(ConnectionCmdlet).GetProperty(parameter);
}
