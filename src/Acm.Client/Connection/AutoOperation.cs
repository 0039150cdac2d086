using Acm.Client.Calls;
using Acm.Client.Protocol;

namespace Acm.Client;

/// <summary>An operation of whichever dialect a server turns out to speak.</summary>
/// <param name="auto">Finds out.</param>
/// <param name="kind">What it is for.</param>
/// <param name="subject">The thing asked for.</param>
/// <param name="key">The configuration that it is about.</param>
/// <param name="make">Makes the operation in a dialect.</param>
internal sealed class AutoOperation<T>(AutoDialect auto, CallKind kind, string subject, ConfigKey? key, Func<IConfigProtocol, ServerOperation<T>> make) : ServerOperation<T>(kind, subject, key)
{
    private Tuple<Dialect, ServerOperation<T>>? _made;

    public override CallLimits.Needed? Limits => Kind is CallKind.Publish or CallKind.Remove ? In(auto.Assumed).Limits : null;

    public override async Task<T> RunAsync(IServerLink link, CancellationToken cancellationToken)
    {
        var open = link as AutoLink;
        CallLog log = open?.Log ?? new CallLog(null, null);
        Dialect dialect = await auto.FindAsync(link.Server, log, cancellationToken).ConfigureAwait(false);
        try
        {
            return await In(dialect).RunAsync(open is null ? link : await open.OpenAsync(dialect, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException e) when (e.Kind is AcmErrorKind.CapabilityMissing or AcmErrorKind.InvalidResponse && !e.OutcomeUnknown)
        {
            // Nothing was done for a call that is not there.
            Dialect now = await auto.FindAgainAsync(link.Server, dialect, log, cancellationToken).ConfigureAwait(false);
            if (now == dialect) throw;

            var other = new AutoLink(link.Server, log, isAnonymous: false);
            return await In(now).RunAsync(await other.OpenAsync(now, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        }
    }

    // As a rule it is made once: its requests are prepared.
    private ServerOperation<T> In(Dialect dialect)
    {
        if (_made is { } made && made.Item1 == dialect) return made.Item2;

        ServerOperation<T> operation = make(dialect.Protocol);
        _made = Tuple.Create(dialect, operation);
        return operation;
    }
}
