using Acm.Client.Calls;
using Acm.Client.Protocol;

namespace Acm.Client;

/// <summary>
/// An operation in the dialect that a server turns out to use. A write is prepared for one dialect (charset, precondition) and is never sent to a server of the other one.
/// </summary>
/// <param name="auto">Detects the dialect.</param>
/// <param name="kind">The kind of operation.</param>
/// <param name="subject">What is requested.</param>
/// <param name="key">The configuration; null for none in particular.</param>
/// <param name="make">Creates the operation in a dialect.</param>
internal sealed class AutoOperation<T>(AutoDialect auto, CallKind kind, string subject, ConfigKey? key, Func<IConfigProtocol, ServerOperation<T>> make) : ServerOperation<T>(kind, subject, key)
{
    private readonly Dialect _assumed = auto.Assumed;
    private Tuple<Dialect, ServerOperation<T>>? _made;

    public override CallLimits.Needed? Limits => IsWrite || Kind is CallKind.Probe ? In(_assumed).Limits : null;

    private bool IsWrite => Kind is CallKind.Publish or CallKind.Remove;

    public override async Task<T> RunAsync(IServerLink link, CancellationToken cancellationToken)
    {
        Dialect dialect = await auto.FindAsync(link.Server, link.Log, cancellationToken).ConfigureAwait(false);
        if (IsWrite && dialect != _assumed) throw NotWritten(link, dialect, inner: null);

        try
        {
            return await RunInAsync(dialect, link, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException e) when (e.Kind is AcmErrorKind.CapabilityMissing or AcmErrorKind.InvalidResponse && !e.OutcomeUnknown)
        {
            // A request that the server does not support had no effect.
            Dialect now = await FindAgainAsync(link, dialect, cancellationToken).ConfigureAwait(false);
            if (now == dialect) throw;
            if (IsWrite) throw NotWritten(link, now, e);

            return await RunInAsync(now, link, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<T> RunInAsync(Dialect dialect, IServerLink link, CancellationToken cancellationToken)
    {
        // A link of the other dialect cannot be used.
        AutoLink? open = link as AutoLink ?? (auto.IsOf(dialect, link) ? null : new AutoLink(link.Server, link.Log, link.IsAnonymous));
        return await In(dialect).RunAsync(open is null ? link : await open.OpenAsync(dialect, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }

    private async Task<Dialect> FindAgainAsync(IServerLink link, Dialect doubted, CancellationToken cancellationToken)
    {
        try
        {
            return await auto.FindAgainAsync(link.Server, doubted, link.Log, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException e)
        {
            // The response that raised the doubt is the better error.
            link.Log.Write(AcmLogLevel.Verbose, $"The type of {link.Server} could not be detected again: {e.Message}");
            return doubted;
        }
    }

    private AcmException NotWritten(IServerLink link, Dialect found, AcmException? inner) =>
        new(AcmErrorKind.InvalidResponse, $"{link.Server} is a {found.Protocol.Name} server, but '{Key}' was prepared for {_assumed.Protocol.Name}. Nothing was written to it.", inner)
        {
            Key = Key,
            Advice = "Run it again.",
            IsFinal = true,
        };

    // Usually created once, because creating it encodes its requests.
    private ServerOperation<T> In(Dialect dialect)
    {
        if (_made is { } made && made.Item1 == dialect) return made.Item2;

        ServerOperation<T> operation = make(dialect.Protocol);
        _made = Tuple.Create(dialect, operation);
        return operation;
    }
}
