using Acm.Server.Polling;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos;

/// <summary>Lists the current listeners and the MD5 of each listener's value.</summary>
internal static class ListenerOperations
{
    /// <summary>Returns the MD5s of the listeners of a key, by address.</summary>
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

    /// <summary>Returns the MD5s that the address in parameter <c>ip</c> listens with, by data ID, group and namespace, joined by <c>+</c>.</summary>
    /// <param name="store">The store.</param>
    /// <param name="call">The call.</param>
    /// <param name="tenant">The namespace; null for every namespace that the caller may read.</param>
    /// <param name="publicName">The name of the public namespace; empty omits it.</param>
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
