using System.Management.Automation;
using Acm.Client;
using Acm.Client.Profiles;

namespace AcmPowerShell;

/// <summary>The user's profiles as a command sees them: what is wrong with them ends it.</summary>
internal sealed class UserProfiles(PSCmdlet cmdlet)
{
    private const int MostNames = 10;

    /// <summary>All of them.</summary>
    internal ProfileFile Read() => Ending(() => new ProfileStore(ProfileStore.DefaultPath).Read());

    /// <summary>How to connect by a profile, for somebody who is not connected; null where there is none, or none that can be read.</summary>
    internal string? Advice()
    {
        ProfileFile file;
        try
        {
            file = new ProfileStore(ProfileStore.DefaultPath).Read();
        }
        catch (AcmException e)
        {
            // What is wrong with the file is told by the commands that are about profiles.
            cmdlet.WriteDebug($"The profiles were not read: {e.Message}");
            return null;
        }

        if (file.Profiles.Count == 0) return null;

        string names = string.Join(", ", file.Profiles.Take(MostNames)) + (file.Profiles.Count > MostNames ? ", …" : "");
        return (file.Default is { } chosen ? $"Run Use-AcmProfile to connect with the default profile '{chosen}'. " : "Run Use-AcmProfile NAME to connect with a profile. ") + $"Profiles: {names}.";
    }

    /// <summary>Changes them; a change that throws leaves them as they are.</summary>
    internal void Update(Action<ProfileFile> change) => Ending(() =>
    {
        new ProfileStore(ProfileStore.DefaultPath).Update(change);
        return true;
    });

    /// <summary>The one that is meant by a name or by <c>endpoint:namespace</c>; without either the default one.</summary>
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

    /// <summary>The connection that a profile describes.</summary>
    internal ConnectionSettings Connection(string? name) => Ending(() => ConnectionOptions.ToConnection(Find(Read(), name)));

    /// <summary>Does something whose failure ends the command.</summary>
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
