using System.Collections.Concurrent;
using Acm.Client.Calls;
using Acm.Client.Local;
using Acm.Client.Protocol;
using Acm.Client.Servers;
using Acm.Client.Text;

namespace Acm.Client;

/// <summary>Finds the ID of a namespace that is given by its name, once a text: what was found stays for the connection. Thread-safe.</summary>
/// <param name="pool">The servers.</param>
/// <param name="memory">Where what was found is kept; null for nowhere.</param>
/// <param name="log">Where is told that it was not kept; null for nowhere.</param>
/// <param name="clock">Source of time.</param>
internal sealed class NamespaceFinder(ServerPool pool, ServerMemory? memory, IAcmLog? log, TimeProvider clock)
{
    /// <summary>How long a text that no namespace has is taken for the ID of one that is yet to come.</summary>
    private static readonly TimeSpan UntilAskedAgain = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, string> _ids = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _unknown = new(StringComparer.Ordinal);

    /// <summary>The ID that a text stood for when a server was last asked; null where that is not known.</summary>
    public string? Remembered(string text) => memory?.NamespaceId(text);

    /// <summary>The ID that a text stands for: the namespace of that ID where there is one, else that of that name. A namespace need not exist: what is neither is an ID.</summary>
    /// <param name="names">Who tells the names.</param>
    /// <param name="text">An ID or a name.</param>
    /// <param name="call">What differs in this call.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/>: several namespaces have the name, or none has it and it can't be an ID.</exception>
    public async Task<string> FindAsync(INamespaceNames names, string text, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        // IDs that servers make up are UUIDs.
        if (text.Length == 0 || Guid.TryParseExact(text, "D", out _)) return text;
        if (_ids.TryGetValue(text, out string? known)) return known;
        if (_unknown.TryGetValue(text, out DateTimeOffset asked) && clock.GetUtcNow() - asked < UntilAskedAgain) return text;

        IReadOnlyList<KeyValuePair<string, string>> all;
        try
        {
            all = await pool.RunAsync(names.NamespaceNames(), call, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException e) when (e.Kind is AcmErrorKind.AccessDenied or AcmErrorKind.CapabilityMissing && names.IsNamespaceId(text))
        {
            // Who may not see the names gives an ID.
            return _ids[text] = text;
        }
        catch (AcmException e) when (e.Kind is AcmErrorKind.ServerUnavailable or AcmErrorKind.Timeout && Remembered(text) is not null)
        {
            return Remembered(text)!;
        }

        if (all.Any(one => one.Value == text)) return Keep(text, text);

        string[] ids = [.. all.Where(one => one.Key == text).Select(one => one.Value)];
        return ids switch
        {
            [var id] => Keep(text, id),
            [] when names.IsNamespaceId(text) => NotFound(text),
            [] => throw new AcmException(AcmErrorKind.InvalidKey, $"No namespace has the name '{ForeignText.Clean(text)}', and it can't be an ID.") { Advice = "Names are case-sensitive. An ID has letters, digits and the characters _ - . : only.", IsFinal = true },
            _ => throw new AcmException(AcmErrorKind.InvalidKey, $"{ids.Length} namespaces have the name '{ForeignText.Clean(text)}': their IDs are {string.Join(", ", ids.Select(id => id.Length == 0 ? "public" : ForeignText.Clean(id)))}.") { Advice = "Specify the ID.", IsFinal = true },
        };
    }

    private string NotFound(string text)
    {
        _unknown[text] = clock.GetUtcNow();
        return text;
    }

    private string Keep(string text, string id)
    {
        try
        {
            memory?.KeepNamespace(text, id);
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.StorageFailed)
        {
            new CallLog(log, null).Write(AcmLogLevel.Verbose, $"The ID of the namespace was not kept: {e.Message}");
        }

        return _ids[text] = id;
    }
}
