using Acm.Client.Calls;
using Acm.Client.Protocol;

namespace Acm.Client.Writing;

/// <summary>
/// A write that is confirmed by reading. If a response was lost, the write may have been executed, so each retry first reads the stored value: if it is the wanted one, the write succeeded and
/// is not sent again. A late duplicate could otherwise overwrite another client's write. Holds the state of one call.
/// </summary>
internal sealed class SettledWrite : ServerOperation<WriteReceipt>
{
    private readonly ServerOperation<WriteOutcome> _write;
    private readonly ServerOperation<ServerRead> _read;
    private readonly Func<ServerValue?, bool> _isDone;
    private readonly Func<ServerValue?, bool> _isProof;
    private readonly PublishCondition _condition;
    private readonly string _namespace;
    private readonly bool _isRemoval;

    // Servers without compare-and-swap ignore the precondition, so it is checked here as well, which leaves only a small window.
    private bool _isChecked;
    private bool _mayBeOurs;
    private bool _lacksLeader;

    /// <param name="write">The write.</param>
    /// <param name="read">Reads the stored value of the same key.</param>
    /// <param name="isDone">Returns whether a stored value, null for none, is the wanted state.</param>
    /// <param name="isProof">Returns whether such a value proves that a write without a response was executed. Reads may not return everything that was written; without proof the write is repeated.</param>
    /// <param name="condition">The precondition.</param>
    /// <param name="namespace">The namespace.</param>
    /// <param name="isRemoval">Whether the write is a removal.</param>
    public SettledWrite(ServerOperation<WriteOutcome> write, ServerOperation<ServerRead> read, Func<ServerValue?, bool> isDone, Func<ServerValue?, bool> isProof, PublishCondition condition, string @namespace, bool isRemoval)
        : base(write.Kind, write.Subject, write.Key)
    {
        _write = write;
        _read = read;
        _isDone = isDone;
        _isProof = isProof;
        _condition = condition;
        _namespace = @namespace;
        _isRemoval = isRemoval;
        _isChecked = condition.Kind == PublishConditionKind.None;
    }

    public override CallLimits.Needed? Limits => _write.Limits;

    /// <summary>Gets whether the write may have been executed although no try confirmed it.</summary>
    public bool IsOutcomeUnknown { get; private set; }

    /// <summary>Gets whether the write was sent.</summary>
    public bool WasSent { get; private set; }

    private bool IsConditionalRemoval => _isRemoval && _condition.Kind != PublishConditionKind.None;

    /// <summary>Gets whether the write may be repeated without proof that it was not executed, which is needed during a leader election.</summary>
    private bool MayRepeat => _lacksLeader && _condition.Kind == PublishConditionKind.None;

    public override async Task<WriteReceipt> RunAsync(IServerLink link, CancellationToken cancellationToken)
    {
        if (IsOutcomeUnknown || !_isChecked)
        {
            ServerRead current = await _read.RunAsync(link, cancellationToken).ConfigureAwait(false);
            if ((IsOutcomeUnknown || _isRemoval) && _isDone(current.Value) && _isProof(current.Value)) return Done(link, byReading: IsOutcomeUnknown);
            if (IsOutcomeUnknown && current.View == ReadView.Served && !MayRepeat) throw NotSettled(link);

            IsOutcomeUnknown = false;
            _isChecked = true;
            if (!_condition.IsMetBy(current.Value?.Md5)) throw ConfigErrors.ConditionFailed(_condition, _namespace, Key!, exists: current.Value is not null);
        }

        // Set before the response: a time-out of the try arrives as a cancellation.
        bool mayBeEarlier = _mayBeOurs;
        IsOutcomeUnknown = _mayBeOurs = WasSent = true;
        _lacksLeader = false;
        WriteOutcome outcome;
        try
        {
            outcome = await _write.RunAsync(link, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.Conflict && mayBeEarlier)
        {
            // The conflicting value may come from an earlier try that was executed after it was checked.
            if (await IsDoneAsync(link, cancellationToken).ConfigureAwait(false)) return Done(link, byReading: true);

            IsOutcomeUnknown = false;
            throw;
        }
        catch (AcmException e)
        {
            IsOutcomeUnknown = e.OutcomeUnknown;
            _lacksLeader = e.WaitsForLeader;
            _mayBeOurs = mayBeEarlier || e.OutcomeUnknown;
            throw;
        }

        switch (outcome)
        {
            case WriteOutcome.Stored:
                return Done(link, byReading: false);
            case WriteOutcome.Accepted:
                return await IsDoneAsync(link, cancellationToken).ConfigureAwait(false) ? Done(link, byReading: true) : throw NotSettled(link);
            default:
                // As above; and what was to be removed may already be gone.
                if ((mayBeEarlier || IsConditionalRemoval) && await IsDoneAsync(link, cancellationToken).ConfigureAwait(false)) return Done(link, byReading: true);

                IsOutcomeUnknown = false;
                throw ConfigErrors.ConditionFailed(_condition, _namespace, Key!, exists: true);
        }
    }

    private async Task<bool> IsDoneAsync(IServerLink link, CancellationToken cancellationToken) =>
        _isDone((await _read.RunAsync(link, cancellationToken).ConfigureAwait(false)).Value);

    private WriteReceipt Done(IServerLink link, bool byReading)
    {
        IsOutcomeUnknown = false;
        return new WriteReceipt(link.Server.Text, byReading);
    }

    private AcmException NotSettled(IServerLink link) =>
        new(AcmErrorKind.ServerUnavailable, $"{link.Server} does not show the new content of '{Key}'.") { Key = Key, IsFinal = true, OutcomeUnknown = true };
}

/// <summary>The confirmation of a write.</summary>
/// <param name="Server">The server that confirmed it.</param>
/// <param name="ByReading">Whether reading confirmed it instead of the response.</param>
internal readonly record struct WriteReceipt(string Server, bool ByReading);
