using Acm.Server.Storage;

namespace Acm.Server.Polling;

/// <summary>A held poll. Its result is the changed key as the client wrote it; null if nothing changed.</summary>
internal sealed class Poll(ReadView view) : TaskCompletionSource<ConfigKey?>(TaskCreationOptions.RunContinuationsAsynchronously), IWatcher, IListener
{
    public ReadView View { get; } = view;

    public ListeningClient? Client { get; init; }

    /// <summary>Gets the entries among the watchers of the keys; filled before the poll is held.</summary>
    public List<Watch> Watches { get; } = [];

    /// <summary>Gets or sets the tick of <see cref="PollTimer"/> at which the poll ends.</summary>
    public long DueTick { get; set; }

    public LinkedListNode<Poll>? ClockNode { get; set; }

    string IListener.Address => View.ClientAddress;

    IReadOnlyCollection<Watch> IListener.Watches => Watches;

    public string Md5(KeySlot slot) => View.Md5(slot);

    public void Tell(Watch watch) => TrySetResult(watch.Name);
}
