using Acm.Server.Storage;

namespace Acm.Server.Polling;

/// <summary>Receives the changes of a key: a held poll, or a subscription of a gRPC connection.</summary>
internal interface IWatcher
{
    /// <summary>Gets the view of the client.</summary>
    ReadView View { get; }

    /// <summary>Gets the client; null if the dialect does not list clients.</summary>
    ListeningClient? Client { get; }

    /// <summary>Returns the MD5 of the client's value, as far as it is known.</summary>
    string Md5(KeySlot slot);

    /// <summary>Reports a change. Called under the lock of the key, so it must not block.</summary>
    void Tell(Watch watch);
}
