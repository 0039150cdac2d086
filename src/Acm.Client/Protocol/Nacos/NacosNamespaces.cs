using System.Text.Json;
using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Text;

namespace Acm.Client.Protocol.Nacos;

/// <summary>Lists and changes namespaces (tests/Conformance/Recordings: v1.namespaces, v3admin.namespaces).</summary>
internal static class NacosNamespaces
{
    private const string V1 = "/nacos/v1/console/namespaces";
    private const string V3 = "/nacos/v3/admin/core/namespace";

    private const string RefusedInNames = "@#$%^&*";

    public static async Task<IReadOnlyList<ConfigNamespace>> ListAsync(NacosLink link, NacosServer server, CancellationToken cancellationToken)
    {
        ConfigNamespace[] found = await ReadListAsync(link, server, cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < found.Length; i++) found[i] = await DescribedAsync(link, server, found[i], cancellationToken).ConfigureAwait(false);
        return found;
    }

    /// <summary>Returns the namespace with an ID; null if it is not listed.</summary>
    public static async Task<ConfigNamespace?> FindAsync(NacosLink link, NacosServer server, string @namespace, CancellationToken cancellationToken) =>
        (await ReadListAsync(link, server, cancellationToken).ConfigureAwait(false)).FirstOrDefault(item => item.Namespace == @namespace) is { } found
            ? await DescribedAsync(link, server, found, cancellationToken).ConfigureAwait(false)
            : null;

    /// <summary>Reads the names and IDs of namespaces. Before 3.0 every user may read them, since then only administrators.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.AccessDenied"/> or <see cref="AcmErrorKind.CapabilityMissing"/>: the user, or a gateway, cannot read them.</exception>
    public static async Task<IReadOnlyList<KeyValuePair<string, string>>> ReadNamesAsync(NacosLink link, NacosServer server, CancellationToken cancellationToken)
    {
        WireResponse response = await link.SendOnceAsync(ListRequest(server), cancellationToken).ConfigureAwait(false);
        var answer = NacosAnswer.Of(response);
        if (response.Status != 200 || answer.Data is not { ValueKind: JsonValueKind.Array } list) throw NacosErrors.For(response, "", "Listing the namespaces", key: null);

        return [.. list.EnumerateArray().Select(item => new KeyValuePair<string, string>(
            JsonText.Text(item, "namespaceShowName") ?? "",
            NamespaceName.Normalize(JsonText.Text(item, "namespace") ?? throw NacosErrors.Garbled(response, "a namespace has no ID"))))];
    }

    private static async Task<ConfigNamespace[]> ReadListAsync(NacosLink link, NacosServer server, CancellationToken cancellationToken)
    {
        WireResponse response = await link.SendAsync(ListRequest(server), cancellationToken).ConfigureAwait(false);
        var answer = NacosAnswer.Of(response);
        if (response.Status != 200 || answer.Code is not (0 or 200) || answer.Data is not { ValueKind: JsonValueKind.Array } list) throw Failed(response, "Listing the namespaces");

        return [.. list.EnumerateArray().Select(item => Read(response, item))];
    }

    public static Task<bool> AddAsync(NacosLink link, NacosServer server, ConfigNamespace added, CancellationToken cancellationToken) => WriteAsync(
        link,
        server,
        HttpMethod.Post,
        new FormEncoder(128).Add(server.HasV3 ? "namespaceId" : "customNamespaceId", added.Namespace).Add("namespaceName", added.Name).Add("namespaceDesc", added.Description ?? ""),
        added.Namespace,
        "Adding",
        cancellationToken);

    public static Task<bool> SetAsync(NacosLink link, NacosServer server, ConfigNamespace changed, CancellationToken cancellationToken) => WriteAsync(
        link,
        server,
        HttpMethod.Put,
        new FormEncoder(128).Add(server.HasV3 ? "namespaceId" : "namespace", changed.Namespace).Add(server.HasV3 ? "namespaceName" : "namespaceShowName", changed.Name).Add("namespaceDesc", changed.Description ?? throw new ArgumentException("The description to send is not given.", nameof(changed))),
        changed.Namespace,
        "Changing",
        cancellationToken);

    public static async Task<bool> RemoveAsync(NacosLink link, NacosServer server, string @namespace, CancellationToken cancellationToken)
    {
        string path = (server.HasV3 ? V3 : V1) + "?" + new FormEncoder(64).Add("namespaceId", @namespace);
        return IsDone(await link.SendAsync(Request(CallKind.Remove, HttpMethod.Delete, path, subject: @namespace), cancellationToken).ConfigureAwait(false), server, @namespace, "Removing");
    }

    /// <summary>Throws <see cref="AcmErrorKind.InvalidKey"/> for an ID or a name that one of the versions rejects without a reason.</summary>
    public static void Check(ConfigNamespace @namespace)
    {
        // Servers create a second, unreachable namespace 'public' beside the default one.
        if (NamespaceName.IsDefault(@namespace.Namespace))
            throw new AcmException(AcmErrorKind.InvalidKey, $"The namespace ID '{ForeignText.Clean(@namespace.Namespace)}' is reserved for the default namespace.") { Advice = "Specify another ID.", IsFinal = true };
        if (@namespace.Namespace.Length is 0 or > 128 || !@namespace.Namespace.All(c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_' or '-'))
            throw new AcmException(AcmErrorKind.InvalidKey, $"The namespace ID '{ForeignText.Clean(@namespace.Namespace)}' is not valid: use only letters, digits, '_' and '-', and at most 128 characters.") { IsFinal = true };
        if (string.IsNullOrWhiteSpace(@namespace.Name) || @namespace.Name.Any(c => RefusedInNames.IndexOf(c) >= 0))
            throw new AcmException(AcmErrorKind.InvalidKey, $"The namespace name '{ForeignText.Clean(@namespace.Name)}' is not valid: it must have at least one non-blank character, and none of {RefusedInNames}.") { IsFinal = true };
    }

    private static async Task<bool> WriteAsync(NacosLink link, NacosServer server, HttpMethod method, FormEncoder form, string @namespace, string what, CancellationToken cancellationToken)
    {
        WireRequest request = Request(CallKind.Publish, method, server.HasV3 ? V3 : V1, form.ToBytes(), @namespace);
        return IsDone(await link.SendAsync(request, cancellationToken).ConfigureAwait(false), server, @namespace, what);
    }

    private static bool IsDone(WireResponse response, NacosServer server, string @namespace, string what)
    {
        var answer = NacosAnswer.Of(response);
        if (response.Status == 200 && (server.HasV3 ? answer is { Code: 0, Data: { ValueKind: JsonValueKind.True } } : answer.Text == "true")) return true;

        // Older versions give no reason for an ID that exists or is not valid.
        if (response.Status == 200 && answer.Text == "false") throw new AcmException(AcmErrorKind.InvalidKey, $"{what} namespace '{@namespace}' failed: {response.Server} refused the ID or the name without a reason.") { IsFinal = true };

        throw Failed(response, $"{what} namespace '{@namespace}'");
    }

    private static AcmException Failed(WireResponse response, string what)
    {
        AcmException error = NacosErrors.For(response, "", what, key: null);
        return new AcmException(error.Kind, error.Message.Replace(" in the default namespace", ""), error.InnerException) { Advice = error.Advice, IsFinal = error.IsFinal, OutcomeUnknown = error.OutcomeUnknown, RetryAfter = error.RetryAfter };
    }

    private static ConfigNamespace Read(WireResponse response, JsonElement item) => new()
    {
        Namespace = NamespaceName.Normalize(JsonText.Text(item, "namespace") ?? throw NacosErrors.Garbled(response, "a namespace of the list has no ID")),
        Name = JsonText.Text(item, "namespaceShowName") ?? "",
        Description = JsonText.TryGet(item, "namespaceDesc", out JsonElement description) ? description.ValueKind == JsonValueKind.String ? description.GetString() : "" : null,
        ConfigCount = (int)(NacosAnswer.Number(item, "configCount") ?? 0),
        Quota = (int?)NacosAnswer.Number(item, "quota"),
    };

    /// <summary>Reads the description separately for 1.x and 2.0, whose lists lack it. It stays unknown if that fails.</summary>
    private static async Task<ConfigNamespace> DescribedAsync(NacosLink link, NacosServer server, ConfigNamespace item, CancellationToken cancellationToken)
    {
        if (item.Description is not null || server.HasV3) return item;

        WireResponse response = await link.SendAsync(Request(CallKind.List, HttpMethod.Get, V1 + "?" + new FormEncoder(64).Add("show", "all").Add("namespaceId", item.Namespace)), cancellationToken).ConfigureAwait(false);
        return response.Status == 200 && NacosAnswer.Of(response).Root is { ValueKind: JsonValueKind.Object } one ? Read(response, one) : item;
    }

    private static WireRequest ListRequest(NacosServer server) => Request(CallKind.List, HttpMethod.Get, server.HasV3 ? V3 + "/list" : V1);

    private static WireRequest Request(CallKind kind, HttpMethod method, string pathAndQuery, byte[]? body = null, string subject = "the list of namespaces") => new()
    {
        Kind = kind,
        Method = method,
        PathAndQuery = pathAndQuery,
        Body = body,
        ContentType = body is null ? null : NacosRequests.FormType,
        Subject = subject,
    };
}
