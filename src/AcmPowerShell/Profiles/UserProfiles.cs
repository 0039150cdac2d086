using System.Management.Automation;
using Acm.Client;
using Acm.Client.Profiles;

namespace AcmPowerShell;

/// <summary>Reads and changes the user's profiles for a command. Errors are terminating.</summary>
internal sealed class UserProfiles(PSCmdlet cmdlet)
{
    private const int MaxNames = 10;

    /// <summary>Reads all profiles.</summary>
    internal ProfileFile Read() => Ending(() => new ProfileStore(ProfileStore.DefaultPath).Read());

    /// <summary>Returns advice for connecting with a profile, or null if there are no profiles or they cannot be read.</summary>
    internal string? Advice()
    {
        ProfileFile file;
        try
        {
            file = new ProfileStore(ProfileStore.DefaultPath).Read();
        }
        catch (AcmException e)
        {
            // The profile commands report a damaged file.
            cmdlet.WriteDebug($"The profiles were not read: {e.Message}");
            return null;
        }

        if (file.Profiles.Count == 0) return null;

        string names = string.Join(", ", file.Profiles.Take(MaxNames)) + (file.Profiles.Count > MaxNames ? ", …" : "");
        return (file.Default is { } chosen ? $"Run Use-AcmProfile to connect with the default profile '{chosen}'. " : "Run Use-AcmProfile NAME to connect with a profile. ") + $"Profiles: {names}.";
    }

    /// <summary>Changes the profiles. If the change throws, nothing is saved.</summary>
    internal void Update(Action<ProfileFile> change) => Ending(() =>
    {
        new ProfileStore(ProfileStore.DefaultPath).Update(change);
        return true;
    });

    /// <summary>Returns the profile with a name or <c>endpoint:namespace</c>, or the default profile if the name is null.</summary>
    internal StoredProfile Find(ProfileFile file, string? name)
    {
        name ??= file.Default;
        if (name is null)
        {
            cmdlet.ThrowTerminatingError(ProfileErrors.NoDefault(file));
        }

        IReadOnlyList<StoredProfile> found = Ending(() => file.Resolve(name!));
        if (found.Count == 0) cmdlet.ThrowTerminatingError(ProfileErrors.NotFound(name!, file));
        if (found.Count > 1) cmdlet.ThrowTerminatingError(ProfileErrors.Ambiguous(name!, found));
        return found[0];
    }

    /// <summary>Returns the connection settings of a profile.</summary>
    internal ConnectionSettings Connection(string? name) => Ending(() => ConnectionOptions.ToConnection(Find(Read(), name)));

    /// <summary>Runs an action whose failure is a terminating error.</summary>
    internal T Ending<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (AcmException e)
        {
            cmdlet.ThrowTerminatingError(AcmErrors.Record(e, target: null));
            throw;
        }
        catch (InvalidSettingException e)
        {
            cmdlet.ThrowTerminatingError(e.ToRecord());
            throw;
        }
    }
}
