using System.Collections.Concurrent;
using Acm.Client.Calls;
using Acm.Client.Local;
using Acm.Client.Protocol;
using Acm.Client.Servers;
using Acm.Client.Text;

namespace Acm.Client;

/// <summary>Finds the ID of a namespace that is given by its name. An answer holds for a minute: somebody else may remove the namespace and create another one of the same name. Thread-safe.</summary>
/// <param name="pool">The servers.</param>
/// <param name="memory">Where what was found is kept; null for nowhere.</param>
/// <param name="log">Where is told that it was not kept; null for nowhere.</param>
/// <param name="clock">Source of time.</param>
internal sealed class NamespaceFinder(ServerPool pool, ServerMemory? memory, IAcmLog? log, TimeProvider clock)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (FoundNamespace Found, DateTimeOffset At)> _answers = new(StringComparer.Ordinal);

    /// <summary>The ID that a text stood for when a server was last asked; null where that is not known. It may have changed since: not for writes.</summary>
    public string? Remembered(string text) => memory?.NamespaceId(text);

    /// <summary>Forgets the answers of servers: namespaces were added, renamed or removed.</summary>
    public void Forget() => _answers.Clear();

    /// <summary>The ID that a text stands for: the namespace of that ID where there is one, else that of that name. A namespace need not exist: what is neither is an ID.</summary>
    /// <param name="names">Who tells the names.</param>
    /// <param name="text">An ID or a name.</param>
    /// <param name="mayRemember">Whether the ID that an earlier connection found is good enough while no server can be asked.</param>
    /// <param name="call">What differs in this call.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/>: several namespaces have the name, or none has it and it can't be an ID.</exception>
    public async Task<FoundNamespace> FindAsync(INamespaceNames names, string text, bool mayRemember, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        // IDs that servers make up are UUIDs.
        if (text.Length == 0 || Guid.TryParseExact(text, "D", out _)) return new FoundNamespace(text, IsListed: null);
        if (_answers.TryGetValue(text, out (FoundNamespace Found, DateTimeOffset At) answer) && clock.GetUtcNow() - answer.At < MaxAge) return answer.Found;

        IReadOnlyList<KeyValuePair<string, string>> all;
        try
        {
            all = await pool.RunAsync(names.NamespaceNames(), call, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException e) when (e.Kind is AcmErrorKind.AccessDenied or AcmErrorKind.CapabilityMissing && names.IsNamespaceId(text))
        {
            // Who may not see the names gives an ID.
            new CallLog(log, call?.Log).Write(AcmLogLevel.Verbose, $"The namespace '{text}' is used as an ID. Its existence could not be verified: {e.Message}");
            return Keep(text, new FoundNamespace(text, IsListed: null));
        }
        catch (AcmException e) when (mayRemember && e.Kind is AcmErrorKind.ServerUnavailable or AcmErrorKind.Timeout && Remembered(text) is not null)
        {
            return new FoundNamespace(Remembered(text)!, IsListed: null);
        }

        if (all.Any(one => one.Value == text)) return KeepListed(text, text);

        string[] ids = [.. all.Where(one => one.Key == text).Select(one => one.Value)];
        return ids switch
        {
            [var id] => KeepListed(text, id),
            [] when names.IsNamespaceId(text) => Keep(text, new FoundNamespace(text, IsListed: false)),
            [] => throw new AcmException(AcmErrorKind.InvalidKey, $"No namespace has the name '{ForeignText.Clean(text)}', and it is not a valid ID.") { Advice = "Names are case-sensitive. An ID has letters, digits and the characters _ - . : only.", IsFinal = true },
            _ => throw new AcmException(AcmErrorKind.InvalidKey, $"{ids.Length} namespaces have the name '{ForeignText.Clean(text)}': their IDs are {string.Join(", ", ids.Select(id => id.Length == 0 ? "public" : ForeignText.Clean(id)))}.") { Advice = "Specify the ID.", IsFinal = true },
        };
    }

    private FoundNamespace KeepListed(string text, string id)
    {
        try
        {
            memory?.KeepNamespace(text, id);
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.StorageFailed)
        {
            new CallLog(log, null).Write(AcmLogLevel.Verbose, $"The namespace ID could not be saved: {e.Message}");
        }

        return Keep(text, new FoundNamespace(id, IsListed: true));
    }

    private FoundNamespace Keep(string text, FoundNamespace found)
    {
        _answers[text] = (found, clock.GetUtcNow());
        return found;
    }
}
