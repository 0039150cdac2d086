using System.Text.Json;
using Acm.Server.Auth;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>Handles subscriptions: to keys, and from Nacos 3 on to patterns (fuzzy watches).</summary>
internal sealed class GrpcListens(FuzzyWatches fuzzy)
{
    private const string ListenAnswer = "ConfigChangeBatchListenResponse";
    private const string FuzzyAnswer = "ConfigFuzzyWatchResponse";
    private const int Md5Length = 32;

    // Twice as many as may match a pattern.
    private const int MaxReceived = 2 * FuzzyWatches.MaxMatches;

    public IEnumerable<(string Type, GrpcHandler Handler)> Handlers(Generation generation)
    {
        yield return ("ConfigBatchListenRequest", new GrpcHandler(ListenAnswer, Access.Read, call => new(Listen(call)))
        {
            Namespaces = call => Items(call).Select(item => item.Key.Tenant).Distinct(),
            IsSigned = static (check, call) => IsSigned(check, call, Items(call).Select(item => item.Key.Tenant).Distinct().ToArray() is [var tenant] ? tenant : null),
            CheckNames = static call => CheckNames(call),
            MembersOfFailure = static (_, json) => WriteChanged(json, []),
        });
        if (generation < Generation.Three) yield break;

        yield return ("ConfigFuzzyWatchRequest", new GrpcHandler(FuzzyAnswer, Access.Read, call => new(Watch(call)))
        {
            Namespaces = static call => FuzzyPattern.Parse(call["groupKeyPattern"] ?? "").Tenant is { } tenant ? [tenant] : [],
            IsSigned = static (check, call) => IsSigned(check, call, FuzzyPattern.Parse(call["groupKeyPattern"] ?? "").Tenant),
            CheckNames = static call => CheckPattern(call),
        });
    }

    // Only ACM's Python client polls without a signature; Nacos clients sign.
    private static bool IsSigned(SignatureCheck check, GrpcCall call, string? tenant) => Claim.Of(call.Headers) is { Signature.Length: > 0 } claim && check.IsValidPoll(claim, tenant);

    private static IEnumerable<ListenItem> Items(GrpcCall call) => call.List("configListenContexts").Select(item =>
    {
        string? tenant = GrpcCall.Text(item, "tenant");
        var key = new ConfigKey(ConfigOperations.Tenant(tenant), GrpcCall.Text(item, "group") ?? "", GrpcCall.Text(item, "dataId") ?? "");
        return new ListenItem(key, string.IsNullOrWhiteSpace(tenant) ? "" : tenant, tenant is not null, Md5(GrpcCall.Text(item, "md5") ?? ""));
    });

    // A longer text is not an MD5. It is replaced, so that it does not use memory.
    private static string Md5(string md5) => md5.Length <= Md5Length ? md5 : "?";

    private static void CheckNames(GrpcCall call)
    {
        foreach (ListenItem item in Items(call))
        {
            NameRules.FilterNames(item.Key.DataId, item.Key.Group, item.Tenant);

            // The filter accepts any number of blanks.
            if (NameRules.IsTooLongToStore(item.Key.DataId, item.Key.Group, item.Tenant)) throw new GrpcFault(GrpcFault.BadValue, "too long dataId, group or tenant");
        }
    }

    private static void CheckPattern(GrpcCall call)
    {
        if (NameRules.IsTooLongToStore(call["groupKeyPattern"] ?? "")) throw new GrpcFault(GrpcFault.BadValue, "too long groupKeyPattern");

        // Keys that do not match are sent back as removed, and use memory until then.
        if (call.List("receivedGroupKeys").Skip(MaxReceived).Any()) throw new GrpcFault(GrpcFault.BadValue, "too many receivedGroupKeys");
        if (Received(call).Any(key => NameRules.IsTooLongToStore(key))) throw new GrpcFault(GrpcFault.BadValue, "too long receivedGroupKeys");
    }

    private static IEnumerable<string> Received(GrpcCall call) => call.List("receivedGroupKeys").Select(GrpcCall.Text);

    private static void WriteChanged(Utf8JsonWriter json, IReadOnlyList<ListenItem> changed)
    {
        json.WriteStartArray("changedConfigs"u8);
        foreach (ListenItem item in changed)
        {
            json.WriteStartObject();
            json.WriteString("group"u8, item.Key.Group);
            json.WriteString("dataId"u8, item.Key.DataId);
            if (item.HasTenant) json.WriteString("tenant"u8, item.Tenant);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static byte[] Listen(GrpcCall call)
    {
        ListenItem[] items = [.. Items(call)];
        IReadOnlyList<ListenItem>? changed = [];
        if (call.Switch("listen", absent: true)) changed = call.Connection.Listen(items);
        else call.Connection.StopListening(items.Select(item => item.Key));
        if (changed is null) throw new GrpcFault(GrpcFault.OverLimit, "too many configurations are listened to");

        return GrpcAnswer.Succeeded(ListenAnswer, json => WriteChanged(json, changed));
    }

    private byte[] Watch(GrpcCall call)
    {
        string pattern = call["groupKeyPattern"] ?? "";
        switch (call["watchType"])
        {
            case "WATCH":
                Watch(call, pattern);
                break;
            case "CANCEL_WATCH":
                fuzzy.Cancel(call.Connection, pattern);
                break;
        }

        return GrpcAnswer.Succeeded(FuzzyAnswer);
    }

    private void Watch(GrpcCall call, string pattern)
    {
        if (!fuzzy.TryWatch(call.Connection, pattern)) throw new GrpcFault(GrpcFault.TooManyPatterns, "fuzzy watch pattern over limit");

        // Nacos 3.0.3 checks this after counting the pattern as well.
        if (FuzzyPattern.Malformed(pattern) is { } parts) throw new GrpcFault(GrpcFault.ServerError, $"Index {parts} out of bounds for length {parts}") { IsUntyped = true };

        IReadOnlyList<ConfigKey> keys = fuzzy.Find(pattern);
        if (keys.Count > FuzzyWatches.MaxMatches)
        {
            fuzzy.Cancel(call.Connection, pattern);
            throw new GrpcFault(GrpcFault.TooManyMatches, "fuzzy watch pattern matched count over limit");
        }

        string[]? received = call.Switch("initializing", absent: false) ? null : [.. Received(call)];
        foreach (Push push in FuzzyWatches.Sync(pattern, keys, received)) call.Connection.Enqueue(push);
    }
}
