using System.Net;
using System.Security;
using Acm.Client.Profiles;

namespace AcmPowerShell;

/// <summary>A setting that a profile keeps of a connection. The file has it under the name of the parameter that gives it, in lower camel case; a parameter that gives two settings has a name for each.</summary>
internal sealed class ProfileSetting
{
    private readonly Action<ConnectionSettings, StoredProfile> _store;
    private readonly Action<StoredProfile, ConnectionSettings> _apply;
    private readonly Func<StoredProfile, object?>? _show;

    private ProfileSetting(
        string parameter, Action<ConnectionSettings, StoredProfile> store, Action<StoredProfile, ConnectionSettings> apply, Func<StoredProfile, object?>? show)
    {
        Parameter = parameter;
        _store = store;
        _apply = apply;
        _show = show;
    }

    /// <summary>The parameter of Connect-Acm.</summary>
    internal string Parameter { get; }

    internal bool IsSecret => _show is null;

    internal static string FieldOf(string parameter) => char.ToLowerInvariant(parameter[0]) + parameter[1..];

    internal static ProfileSetting Text(string name, Func<ConnectionSettings, string?> get, Action<ConnectionSettings, string> set, string? parameter = null)
    {
        string field = FieldOf(name);
        return new(
            parameter ?? name,
            (from, to) => to.Set(field, get(from)),
            (from, to) => { if (from.Text(field) is { } value) set(to, value); },
            profile => profile.Text(field));
    }

    internal static ProfileSetting Texts(string parameter, Func<ConnectionSettings, string[]> get, Action<ConnectionSettings, string[]> set)
    {
        string field = FieldOf(parameter);
        return new(
            parameter,
            (from, to) => { if (get(from) is [string one]) to.Set(field, one); else to.Set(field, get(from)); },
            (from, to) => { if (from.Texts(field) is { } value) set(to, [.. value]); },
            profile => profile.Texts(field) is { } value ? string.Join(",", value) : null);
    }

    internal static ProfileSetting Choice<T>(string parameter, Func<ConnectionSettings, T?> get, Action<ConnectionSettings, T> set)
        where T : struct, Enum
    {
        string field = FieldOf(parameter);
        return new(
            parameter,
            (from, to) => to.Set(field, get(from)?.ToString()),
            (from, to) => { if (Read(from) is { } value) set(to, value); },
            profile => Read(profile)?.ToString());

        T? Read(StoredProfile profile)
        {
            if (profile.Text(field) is not { } text) return null;

            // Without digits: a number would be taken for the name of any.
            return text.All(char.IsLetter) && Enum.TryParse(text, ignoreCase: true, out T value) ? value : throw profile.Fault(field, $"is no {typeof(T).Name}");
        }
    }

    internal static ProfileSetting Switch(string parameter, Func<ConnectionSettings, bool> get, Action<ConnectionSettings, bool> set)
    {
        string field = FieldOf(parameter);
        return new(
            parameter,
            (from, to) => to.Set(field, get(from)),
            (from, to) => { if (from.Switch(field) is { } value) set(to, value); },
            profile => profile.Switch(field));
    }

    internal static ProfileSetting Number(string parameter, double least, double most, Func<ConnectionSettings, double?> get, Action<ConnectionSettings, double> set)
    {
        string field = FieldOf(parameter);
        return new(
            parameter,
            (from, to) => { if (get(from) is { } value) to.Set(field, value); },
            (from, to) => { if (Read(from) is { } value) set(to, value); },
            profile => Read(profile));

        // What a person wrote into the file was bound by no parameter.
        double? Read(StoredProfile profile) => profile.Number(field) is not { } value || (value >= least && value <= most)
            ? profile.Number(field)
            : throw profile.Fault(field, $"is {value}; it has to be from {least} to {most}");
    }

    internal static ProfileSetting Count(string parameter, int least, int most, Func<ConnectionSettings, int> get, Action<ConnectionSettings, int> set) =>
        Number(parameter, least, most, from => get(from), (to, value) => set(to, (int)value));

    internal static ProfileSetting Secret(string name, Func<ConnectionSettings, SecureString?> get, Action<ConnectionSettings, SecureString> set, string? parameter = null)
    {
        string field = FieldOf(name);
        return new(
            parameter ?? name,
            (from, to) => to.SetSecret(field, get(from) is { } value ? new NetworkCredential("", value).Password : null),
            (from, to) => { if (from.Secret(field) is { } value) set(to, new NetworkCredential("", value).SecurePassword); },
            show: null);
    }

    /// <summary>Has a profile keep what a connection is set to.</summary>
    internal void Store(ConnectionSettings from, StoredProfile to) => _store(from, to);

    /// <summary>Sets a connection to what a profile keeps, if it does.</summary>
    internal void Apply(StoredProfile from, ConnectionSettings to) => _apply(from, to);

    /// <summary>What a person may see of it; null where the profile does not have it.</summary>
    internal object? Show(StoredProfile profile) => _show?.Invoke(profile);
}
