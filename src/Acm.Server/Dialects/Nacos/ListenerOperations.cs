using Acm.Server.Polling;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos;

/// <summary>Who listens now, with the MD5 that each of them has.</summary>
internal static class ListenerOperations
{
    /// <summary>By address.</summary>
    public static IReadOnlyDictionary<string, string> OfKey(ConfigStore store, ConfigKey key)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        if (store.Index.FindSlot(key) is not { } slot) return found;

        foreach (IWatcher watcher in slot.Watchers())
        {
            if (watcher.View.ClientAddress.Length > 0) found[watcher.View.ClientAddress] = watcher.Md5(slot);
        }

        return found;
    }

    /// <summary>Those of the address in <c>ip</c>, by key: data id, group and, but for the public namespace where it has no name, namespace.</summary>
    /// <param name="store">Where they listen.</param>
    /// <param name="call">Who asks.</param>
    /// <param name="tenant">Null for every namespace that the caller may read.</param>
    /// <param name="publicName">How the public namespace is called; blank leaves it out.</param>
    public static IReadOnlyDictionary<string, string> OfAddress(ConfigStore store, NacosCall call, string? tenant, string publicName)
    {
        string address = call.Required("ip");
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (IListener listener in store.Polls.Listeners)
        {
            if (listener.Address != address) continue;

            foreach (Watch watch in listener.Watches)
            {
                ConfigKey key = watch.Slot.Key;
                if (tenant is null ? !call.MayRead(key.Tenant) : key.Tenant != tenant) continue;

                string name = watch.Name.Tenant is { Length: > 0 } written ? written : publicName;
                found[$"{key.DataId}+{key.Group}{(name.Length > 0 ? "+" + name : "")}"] = watch.Watcher.Md5(watch.Slot);
            }
        }

        return found;
    }
}
