namespace Acm.Client.Watching;

/// <summary>What a callback did wrong with one key. Guarded by the hub's gate.</summary>
internal sealed class CallbackTrouble
{
    /// <summary>How often it failed in a row.</summary>
    public int Failures { get; set; }

    public Mishap? Last { get; set; }
}
