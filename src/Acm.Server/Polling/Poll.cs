using Acm.Server.Storage;

namespace Acm.Server.Polling;

/// <summary>A poll that hangs. Its result is the key that changed, named as the client named it; null says that nothing changed.</summary>
internal sealed class Poll(ReadView view) : TaskCompletionSource<ConfigKey?>(TaskCreationOptions.RunContinuationsAsynchronously), IWatcher, IListener
{
    /// <summary>Whose poll it is.</summary>
    public ReadView View { get; } = view;

    /// <summary>Who asks; null where nobody asks who listens.</summary>
    public ListeningClient? Client { get; init; }

    /// <summary>Its places among the watchers of its keys; written before it hangs.</summary>
    public List<Watch> Watches { get; } = [];

    /// <summary>The tick of the clock at which the hang ends.</summary>
    public long DueTick { get; set; }

    public LinkedListNode<Poll>? ClockNode { get; set; }

    string IListener.Address => View.ClientAddress;

    IReadOnlyCollection<Watch> IListener.Watches => Watches;

    public string Md5(KeySlot slot) => View.Md5(slot);

    public void Tell(Watch watch) => TrySetResult(watch.Name);
}
