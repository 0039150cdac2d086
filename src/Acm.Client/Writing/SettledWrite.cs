using Acm.Client.Calls;
using Acm.Client.Protocol;

namespace Acm.Client.Writing;

/// <summary>
/// A write that is settled by what is stored. One whose answer was lost may have been carried out, so each further try first reads what is there: the wanted state is success, and
/// the write is not sent twice. A late duplicate could otherwise overwrite what someone else wrote in between. Holds what its tries found out; for one call.
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

    // Not every server knows conditions: the value is compared here as well, so that one that does not overwrites only what came in the moment between.
    private bool _isChecked;
    private bool _mayBeOurs;
    private bool _lacksLeader;

    /// <param name="write">Writes.</param>
    /// <param name="read">Reads what is stored of the same key.</param>
    /// <param name="isDone">Whether a stored value, null for none, is what the write is to lead to.</param>
    /// <param name="isProof">Whether such a value shows that a write whose answer was lost was carried out. Reads need not show all that was written: what they can't prove is written again.</param>
    /// <param name="condition">What has to hold.</param>
    /// <param name="namespace">Where.</param>
    /// <param name="isRemoval">Whether it removes.</param>
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

    /// <summary>Whether the write may have been carried out although no try said so.</summary>
    public bool IsOutcomeUnknown { get; private set; }

    /// <summary>Whether the write was sent at all.</summary>
    public bool WasSent { get; private set; }

    private bool IsConditionalRemoval => _isRemoval && _condition.Kind != PublishConditionKind.None;

    /// <summary>Whether the write is sent again although what is served does not prove that it was not carried out: that is how an election is waited out.</summary>
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

        // Until an answer tells: the end of a try's time is no answer, and comes as a cancellation.
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
            // What is in the way may be our own earlier try, come through after it was looked for.
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
                // As above; and what was to be removed may be gone.
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
