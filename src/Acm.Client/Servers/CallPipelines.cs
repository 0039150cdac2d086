using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Protocol;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Acm.Client.Servers;

/// <summary>
/// The resilience of every call, in one place: a limit of the whole, then jittered retry, around tries that each have a limit of their own, the body included.
/// </summary>
internal sealed class CallPipelines
{
    /// <summary>A call has this many tries, or as many as there are servers where they are more.</summary>
    public const int MinTries = 3;

    /// <summary>How often a server that holds a configuration for a moment is asked again.</summary>
    public const int BusyRetries = 3;

    public static readonly TimeSpan ShortestBusyDelay = TimeSpan.FromMilliseconds(50);
    public static readonly TimeSpan LongestBusyDelay = TimeSpan.FromMilliseconds(200);

    private static readonly ResiliencePropertyKey<ServerCall> CallKey = new("call");

    private readonly ResiliencePipeline _calls;
    private readonly ServerList? _servers;
    private readonly TimeProvider _clock;
    private readonly Func<double> _random;

    /// <param name="clock">Source of time.</param>
    /// <param name="servers">The servers that the tries go round; null where there is but one.</param>
    /// <param name="random">Source of jitter: numbers from 0 to 1.</param>
    public CallPipelines(TimeProvider clock, ServerList? servers, Func<double> random)
    {
        _servers = servers;
        _random = random;
        _clock = clock;
        _calls = Build(clock);
    }

    /// <summary>Runs a call: each try is given its own limit, and told again as often as the rules allow.</summary>
    /// <exception cref="AcmException">Every try failed, or the time for all of them ended.</exception>
    public async ValueTask<T> RunAsync<T>(ServerCall call, Func<CallPipelines, CancellationToken, ValueTask<T>> attempt, CancellationToken cancellationToken)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, cancellationToken);
        context.Properties.Set(CallKey, call);
        try
        {
            // As an outcome of any type, which is what the strategies work with: they neither convert it on its way, nor catch and throw again.
            Outcome<object> outcome = await _calls.ExecuteOutcomeAsync(
                static async (context, state) =>
                {
                    try
                    {
                        return Outcome.FromResult<object>(await state.attempt(state.Item1, context.CancellationToken).ConfigureAwait(false));
                    }
                    catch (Exception e)
                    {
                        return Outcome.FromException<object>(e);
                    }
                },
                context,
                (this, attempt)).ConfigureAwait(false);
            outcome.ThrowIfException();
            return (T)outcome.Result!;
        }
        catch (TimeoutRejectedException e)
        {
            throw CallFailure.OutOfTime(call, e);
        }
        catch (AcmException e) when (call.Failures.Count > 1 || (e.Key is null && call.Key is not null))
        {
            throw CallFailure.AfterAllTries(call, e);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>Runs one try under its limit.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.Timeout"/>: the server took too long.</exception>
    public async Task<T> TryAsync<T>(ServerOperation<T> operation, IServerLink link, TimeSpan limit, CancellationToken cancellationToken)
    {
        using CancellationTokenSource ending = _clock.CancelAfter(limit);
        using CancellationTokenRegistration _ = cancellationToken.Register(static source => ((CancellationTokenSource)source!).Cancel(), ending);
        try
        {
            return await operation.RunAsync(link, ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (ending.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw HttpFailure.TimedOut(link.Server, limit, e);
        }
    }

    private static ServerCall Call(ResilienceContext context) => context.Properties.GetValue(CallKey, null!);

    private ResiliencePipeline Build(TimeProvider clock) =>
        new ResiliencePipelineBuilder { Name = "call", TimeProvider = clock }
            .AddTimeout(new TimeoutStrategyOptions { Name = "total", TimeoutGenerator = args => new(Call(args.Context).TotalTimeout) })
            .AddRetry(new RetryStrategyOptions
            {
                Name = "servers",

                // The list may grow while a call runs, so the number of tries is the call's to count.
                MaxRetryAttempts = int.MaxValue,
                ShouldHandle = args => new(args.Outcome.Exception is AcmException error && Call(args.Context).NoteFailure(error, MaxTries(error))),
                DelayGenerator = args => new(NextDelay(Call(args.Context))),
                OnRetry = args =>
                {
                    ServerCall call = Call(args.Context);
                    if (call.Log.IsEnabled(AcmLogLevel.Verbose))
                    {
                        call.Log.Write(AcmLogLevel.Verbose, $"{args.Outcome.Exception!.Message} Trying again in {args.RetryDelay.TotalMilliseconds:0} ms.");
                    }

                    return default;
                },
            })
            .Build();

    /// <summary>A list of servers keeps the pauses that servers ask for; a single service has none.</summary>
    private TimeSpan NextDelay(ServerCall call)
    {
        TimeSpan delay = call.NextDelay(ServerCount, _random);
        return _servers is null && call.Failures[call.Failures.Count - 1].RetryAfter is { } asked && asked > delay ? asked : delay;
    }

    private int ServerCount => _servers?.Count ?? 1;

    /// <summary>Servers that hung and hang on are waited for once a call, or reading snapshots off the network would take many tries' time a key.</summary>
    private int MaxTries(AcmException error) =>
        error.Kind == AcmErrorKind.Timeout && _servers?.AllRest() == true ? 1 : Math.Max(MinTries, ServerCount);
}
