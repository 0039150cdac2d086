using Acm.Server.Storage;

namespace Acm.Server.Polling;

/// <summary>Is told of the changes of a key: a poll that hangs, or a listener of a connection that is pushed to.</summary>
internal interface IWatcher
{
    /// <summary>What it is served.</summary>
    ReadView View { get; }

    /// <summary>Who asks; null where nobody asks who listens.</summary>
    ListeningClient? Client { get; }

    /// <summary>The MD5 that it has of a key, as far as is known.</summary>
    string Md5(KeySlot slot);

    /// <summary>Tells it of a change. Called under the lock of the key: it must not wait.</summary>
    void Tell(Watch watch);
}
