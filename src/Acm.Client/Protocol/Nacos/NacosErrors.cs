using System.Text;
using Acm.Client.Http;

namespace Acm.Client.Protocol.Nacos;

/// <summary>Maps error responses to exceptions: by code if there is one, otherwise by status, and by text only if nothing else distinguishes them.</summary>
internal static class NacosErrors
{
    /// <summary>The code for "configuration not found".</summary>
    public const int NotFound = 20004;

    private const int AccessDenied = 10001;
    private const int DataAccess = 10002;
    private const int Conflict = 20005;
    private const int ServerError = 30000;
    private const int TooLarge = 5034;

    /// <summary>How much of a body is searched, in bytes; the SQL statement in a database error has 300 characters.</summary>
    private const int LongestLookedAt = 4096;

    public static AcmException For(WireResponse response, string @namespace, string what, ConfigKey? key)
    {
        var answer = NacosAnswer.Of(response);
        int status = response.Status;
        long code = answer.Code ?? 0;
        string head = what + Where(@namespace, key);
        string reason = answer.Reason is { Length: > 0 } words ? $" ('{words}')" : "";
        if (code == DataAccess || status == 500)
        {
            // The text may contain content or SQL: it is searched but never displayed.
            string said = Start(response);
            if (Has(said, "Incorrect string value")) return Final(AcmErrorKind.InvalidContent, $"{head} failed: the database of {response.Server} cannot store one of the characters.", key, "A MySQL database with the charset utf8 cannot store emoji and other characters above U+FFFF. Escape them, or change the database to utf8mb4.");
            if (Has(said, "Data too long for column")) return Final(AcmErrorKind.ContentTooLarge, $"{head} failed: a value is longer than its column in the database of {response.Server}.", key, "Shorten the description, the tags or the application name.");
            if (code == DataAccess) return Next(AcmErrorKind.ServerUnavailable, $"{head} failed: {response.Server} could not use its database ({status}).", key, outcomeUnknown: true);
        }

        if (status is 401 or 403 || code == AccessDenied) return Denied(response, head, key);
        if (status == 409 || code == Conflict) return new AcmException(AcmErrorKind.Conflict, $"{head} failed: {response.Server} reports that the configuration is being changed by another request.") { Key = key, Advice = "Try again later.", IsFinal = true, IsBusy = true };
        if (code == NotFound) return key is null ? Final(AcmErrorKind.ConfigNotFound, $"{head} failed: {response.Server} does not have it.", key, null) : ConfigErrors.NotFound(@namespace, key, AbsenceEvidence.NotServed);
        if (status == 413 || code == TooLarge) return Final(AcmErrorKind.ContentTooLarge, $"{head} failed: it exceeds the limit of {response.Server}{reason}.", key, "Split the configuration.");
        if (code is >= 5031 and < TooLarge) return Final(AcmErrorKind.Throttled, $"{head} failed: a quota of {response.Server} is exhausted{reason}.", key, "Ask for a higher quota, or remove configurations that are no longer used.");
        if (status is 404 or 405 or 410 or 501) return Final(AcmErrorKind.CapabilityMissing, $"{head} failed: {response.Server} does not have this call ({status}).", key, "It may be disabled on the server, or the server version may not be supported.");
        if (status == 407) return Final(AcmErrorKind.ServerUnavailable, $"{head} failed: the proxy in front of {response.Server} requires credentials (407).", key, "Connect with the credentials of the proxy, or exclude the server with NO_PROXY.");
        if (status == 429) return Next(AcmErrorKind.Throttled, $"{head} failed: {response.Server} throttled the request (HTTP 429).", key, retryAfter: response.RetryAfter);
        if (IsRefusal(status, code, answer))
        {
            return Says(answer, "content is blank")
                ? Final(AcmErrorKind.InvalidContent, $"{head} failed: {response.Server} does not store content that is empty or only white space.", key, null)
                : Final(AcmErrorKind.InvalidKey, $"{head} failed: {response.Server} rejected the request as invalid{reason}.", key, null);
        }

        if (answer.IsStarting) return Next(AcmErrorKind.ServerUnavailable, $"{head} failed: {response.Server} is starting.", key);
        if (IsWithoutLeader(answer))
        {
            return new AcmException(AcmErrorKind.ServerUnavailable, $"{head} failed: {response.Server} has no leader to write through at the moment ({status}).")
            {
                Key = key,
                OutcomeUnknown = true,
                WaitsForLeader = true,
                Advice = "The servers elect a leader within seconds if most of them are running. Check the servers, and try again.",
            };
        }

        return status >= 500 || code == ServerError
            ? Next(AcmErrorKind.ServerUnavailable, $"{head} failed: {response.Server} answered with a server error ({status}).", key, outcomeUnknown: true, retryAfter: status == 503 ? response.RetryAfter : null)
            : Next(AcmErrorKind.InvalidResponse, $"{head} failed: {response.Server} answered {status} with something that is not a Nacos response.", key, outcomeUnknown: true);
    }

    /// <summary>Returns the error for a form that exceeds the server's limit.</summary>
    public static AcmException FormTooLarge(WireResponse response, ConfigKey key, int size) =>
        Final(AcmErrorKind.ContentTooLarge, $"Publishing '{key}' failed: {response.Server} did not read the form of {size} bytes. Its limit is lower than the default of {NacosRequests.LargestForm}.", key, "Split the configuration, or raise the limit of the server.");

    /// <summary>Returns the error for a rejected precondition that is met.</summary>
    public static AcmException NotWritten(WireResponse response, ConfigKey key) =>
        Next(AcmErrorKind.ServerUnavailable, $"{response.Server} did not write '{key}', although the condition was met.", key, outcomeUnknown: true);

    /// <summary>Returns the error for a write that only administrators may make over HTTP, if gRPC is not available either.</summary>
    public static AcmException DeniedWithoutGrpc(WireResponse denied, AcmException grpc, string @namespace, string what, ConfigKey key) =>
        new(AcmErrorKind.AccessDenied, $"{For(denied, @namespace, what, key).Message} Over HTTP only administrators publish and remove on this version. {grpc.Message}", grpc)
        {
            Key = key,
            Advice = grpc.Advice,
            Option = grpc.Option,
            IsFinal = true,
        };

    public static AcmException Garbled(WireResponse response, string problem, ConfigKey? key = null) =>
        Next(AcmErrorKind.InvalidResponse, $"The answer of {response.Server}{(key is null ? "" : $" for '{key}'")} can't be used: {problem}.", key, outcomeUnknown: true);

    /// <summary>Returns the error for an operation that no server of a version supports.</summary>
    public static AcmException Missing(NacosServer server, string operation, string instead) =>
        new(AcmErrorKind.CapabilityMissing, $"Nacos {server.Version} servers cannot {operation}.") { Advice = instead, IsFinal = true, IsBeyondVersion = true };

    private static AcmException Denied(WireResponse response, string head, ConfigKey? key) => response.Proof is null
        ? Final(AcmErrorKind.AccessDenied, $"{head} was denied by {response.Server}: this connection has no user.", key, "Connect with a user and a password.")
        : Final(AcmErrorKind.AccessDenied, $"{head} was denied by {response.Server}: the user lacks the right.", key, "From version 3.0 on, lists and stored details need the right to use /v3/admin; reading by name needs only read rights. A new right takes effect after up to 15 s.");

    /// <summary>Returns whether the request is invalid; old versions answer 500 instead of 400.</summary>
    private static bool IsRefusal(int status, long code, NacosAnswer answer) =>
        status == 400
        || code is 10000 or (>= 20001 and <= 20003) or 20008 or 22000 or 22001
        || (status == 500 && (Says(answer, "caused: invalid ") || Says(answer, "caused: content is blank") || Says(answer, "caused: Required ") || Says(answer, "caused: too ")));

    /// <summary>
    /// Returns whether a write failed in the consensus protocol of a cluster with embedded storage, for example during an election. Neither status nor code identifies it. A follower reports a failed
    /// precondition in the same way, so the stored value is read before the write is repeated.
    /// </summary>
    private static bool IsWithoutLeader(NacosAnswer answer) => Says(answer, "ConsistencyException") || Says(answer, "Could not find leader");

    /// <summary>Returns whether the server dropped a form that exceeds its limit: it reports the first parameter as missing.</summary>
    public static bool LacksParameters(WireResponse response)
    {
        if (response.Status is not (400 or 500)) return false;

        string words = Start(response);
        return Has(words, "the form is too large") || (Has(words, "required ") && Has(words, "parameter ") && Has(words, "not present"));
    }

    private static string Start(WireResponse response) => Encoding.UTF8.GetString(response.Body, 0, Math.Min(response.Body.Length, LongestLookedAt));

    private static bool Has(string text, string words) => text.IndexOf(words, StringComparison.OrdinalIgnoreCase) >= 0;

    private static string Where(string @namespace, ConfigKey? key) =>
        key is null ? $" in {NamespaceName.Describe(@namespace)}" : $" '{key}' in {NamespaceName.Describe(@namespace)}";

    private static bool Says(NacosAnswer answer, string words) => Has(answer.Text, words);

    private static AcmException Final(AcmErrorKind kind, string message, ConfigKey? key, string? advice) => new(kind, message) { Key = key, Advice = advice, IsFinal = true };

    /// <param name="kind">The kind of failure.</param>
    /// <param name="message">The message.</param>
    /// <param name="key">The configuration; null for none in particular.</param>
    /// <param name="outcomeUnknown">Whether the server may have stored what it was sent.</param>
    /// <param name="retryAfter">The delay that the server requests; null for none.</param>
    private static AcmException Next(AcmErrorKind kind, string message, ConfigKey? key, bool outcomeUnknown = false, TimeSpan? retryAfter = null) =>
        new(kind, message) { Key = key, OutcomeUnknown = outcomeUnknown, RetryAfter = retryAfter };
}
